package sluice.server.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import sluice.catalog.MemoryCatalogEngine;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeclareHostDead;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.ScanDisks;
import sluice.protocol.v1.User;

class CallWordsTest {
  private final CallWords words = new CallWords(new MemoryCatalogEngine());

  private String of(Change.Builder change) {
    return words.words(Call.newBuilder().setChange(change).build());
  }

  @Test
  void aCallIsSaidWithWhatItIsAbout() {
    assertEquals("remove a host: host x-id", of(Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId("x-id"))));
    assertEquals("add or change a user: eva", of(Change.newBuilder().setPutUser(PutUser.newBuilder().setUser(User.newBuilder().setName("eva")))));
    assertEquals("declare a host dead: host h", of(Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId("h").setConfirmName("h1"))));
    assertEquals("make a token: host h1", words.words(Call.newBuilder().setMakeToken(MakeToken.newBuilder().setHostName("h1")).build()));
    assertEquals("scan disks: file:/a, file:/b", words.words(Call.newBuilder().setScanDisks(ScanDisks.newBuilder().addUris("file:/a").addUris("file:/b")).build()));
    assertEquals("scan disks", words.words(Call.newBuilder().setScanDisks(ScanDisks.getDefaultInstance()).build()));
  }
}
