package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;
import static sluice.protocol.v1.Access.READ_ONLY;
import static sluice.protocol.v1.Access.READ_WRITE;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class AttachmentChangesTest {
  private final CatalogFixture c = new CatalogFixture();

  @BeforeEach
  void threeHostsAndAVolume() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", MIB));
    for (int h = 40; h < 43; h++) {
      c.host(h, "h" + h);
      c.applied(grant(30, h, READ_WRITE));
    }
  }

  @Test
  void aHostNeedsAGrantThatSuffices() {
    c.host(43, "h43");
    c.refused(Problem.Code.FORBIDDEN, attach(30, 43, READ_ONLY));
    c.applied(grant(30, 43, READ_ONLY));
    c.refused(Problem.Code.FORBIDDEN, attach(30, 43, READ_WRITE));
    c.applied(attach(30, 43, READ_ONLY));
  }

  @Test
  void anUnsharedVolumeHasOneWriterAndNobodyElse() {
    c.applied(attach(30, 40, READ_WRITE));
    assertTrue(c.refused(Problem.Code.CONFLICT, attach(30, 41, READ_WRITE)).getWhy().contains("host h40"));
    c.refused(Problem.Code.CONFLICT, attach(30, 41, READ_ONLY));
  }

  @Test
  void anUnsharedVolumeHasManyReadersAndThenNoWriter() {
    c.applied(attach(30, 40, READ_ONLY));
    c.applied(attach(30, 41, READ_ONLY));
    c.refused(Problem.Code.CONFLICT, attach(30, 42, READ_WRITE));
  }

  @Test
  void aSharedVolumeHasManyWriters() {
    c.applied(share(30, true));
    c.applied(attach(30, 40, READ_WRITE));
    c.applied(attach(30, 41, READ_WRITE));
    c.applied(attach(30, 42, READ_ONLY));
    assertEquals(3, c.volume(30).getAttachmentsCount());
    assertEquals(1, c.view().volumesHeldBy(id(42)).size());
  }

  @Test
  void attachingAgainChangesNothingButAnotherAccessIsRefused() {
    c.applied(attach(30, 40, READ_WRITE));
    Volume before = c.volume(30);
    c.applied(attach(30, 40, READ_WRITE));
    assertEquals(before, c.volume(30));
    assertEquals(0, c.last.delta().getChangesCount());
    c.refused(Problem.Code.CONFLICT, attach(30, 40, READ_ONLY));
  }

  @Test
  void detachingOnlyAsksAndTheVolumeIsNotGivenAwayBeforeItIsReleased() {
    c.applied(attach(30, 40, READ_WRITE));
    c.applied(detach(30, 40));
    assertTrue(c.volume(30).getAttachments(0).getDetaching());
    c.applied(detach(30, 40));
    assertEquals(0, c.last.delta().getChangesCount());
    c.refused(Problem.Code.CONFLICT, attach(30, 41, READ_WRITE));
    c.refused(Problem.Code.CONFLICT, attach(30, 40, READ_WRITE));
    c.applied(release(30, 40));
    c.applied(attach(30, 41, READ_WRITE));
  }

  @Test
  void releasingWorksUnaskedAndTwiceWhileDetachingWhatIsNotHeldIsAMistake() {
    c.applied(attach(30, 40, READ_WRITE));
    c.applied(release(30, 40));
    assertEquals(0, c.volume(30).getAttachmentsCount());
    c.applied(release(30, 40));
    assertEquals(0, c.last.delta().getChangesCount());
    c.refused(Problem.Code.NOT_FOUND, detach(30, 40));
  }

  @Test
  void aGrantInUseIsNeitherTakenBackNorLowered() {
    c.applied(attach(30, 40, READ_WRITE));
    c.refused(Problem.Code.CONFLICT, removeGrant(40));
    c.refused(Problem.Code.CONFLICT, grant(30, 40, READ_ONLY));
    c.applied(grant(30, 40, READ_WRITE));
    assertEquals(0, c.last.delta().getChangesCount());
    c.applied(release(30, 40));
    c.applied(removeGrant(40));
    assertTrue(c.view().volumesGrantedTo(id(40)).isEmpty());
    c.applied(removeGrant(40));
  }

  @Test
  void whatForMustBeSaid() {
    c.refused(Problem.Code.INVALID_ARGUMENT, attach(30, 40, Access.ACCESS_UNSPECIFIED));
    c.refused(Problem.Code.INVALID_ARGUMENT, grant(30, 40, Access.ACCESS_UNSPECIFIED));
    c.refused(Problem.Code.NOT_FOUND, grant(30, 49, READ_ONLY));
  }

  @Test
  void aHolderIsNotRemovedAndDeclaringItDeadAsksForItsNameAndReleasesAll() {
    c.applied(createVolume(31, "v2", MIB));
    c.applied(grant(31, 40, READ_WRITE));
    c.applied(attach(30, 40, READ_WRITE));
    c.applied(attach(31, 40, READ_WRITE));
    assertTrue(c.refused(Problem.Code.CONFLICT, removeHost(40)).getWhy().contains("v1, v2"));
    c.refused(Problem.Code.INVALID_ARGUMENT, dead(40, "h41"));
    c.applied(dead(40, "h40"));
    assertEquals(0, c.volume(30).getAttachmentsCount() + c.volume(31).getAttachmentsCount());
    assertEquals(Severity.WARNING, c.last.delta().getEvents(0).getSeverity());
    c.applied(removeHost(40));
    assertEquals(2, c.volume(30).getGrantsCount());
    assertTrue(c.view().hostByCertificate(fingerprint(40)).isEmpty());
  }

  private static Change.Builder removeGrant(int host) {
    return Change.newBuilder().setRemoveGrant(RemoveGrant.newBuilder().setVolumeId(id(30)).setHostId(id(host)));
  }

  private static Change.Builder removeHost(int host) {
    return Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(id(host)));
  }

  private static Change.Builder dead(int host, String name) {
    return Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(id(host)).setConfirmName(name));
  }
}
