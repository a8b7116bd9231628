package sluice.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

class MessageJsonTest {
  @Test
  void fieldsHaveTheSchemasNamesAndAreThereEvenIfZero() {
    Map<String, Object> tree = MessageJson.of(Volume.newBuilder().setName("v1").build());
    assertEquals("v1", tree.get("name"));
    assertEquals(0L, tree.get("size_bytes"));
    assertEquals(List.of(), tree.get("grants"));
    assertFalse(tree.containsKey("layout"), "a message that is not set is left out");
  }

  @Test
  void choicesAreLowerCaseWords() {
    assertEquals("direct", MessageJson.of(VolumeStatus.newBuilder().setRoute(VolumeStatus.Route.DIRECT).build()).get("route"));
  }

  @Test
  void numbersAboveTheSignedRangeStayPositive() {
    assertEquals(new BigInteger("18446744073709551615"), MessageJson.of(Volume.newBuilder().setSizeBytes(-1).build()).get("size_bytes"));
  }

  @Test
  void bytesAreHexAndAChoiceNotTakenIsLeftOut() {
    Map<String, Object> tree = MessageJson.of(JoinToken.newBuilder().setHostName("h1").setSecretSha256(ByteString.copyFrom(new byte[] {1, -1})).build());
    assertEquals("01ff", tree.get("secret_sha256"));
    assertEquals("h1", tree.get("host_name"));
    assertFalse(tree.containsKey("user_name"));
  }
}
