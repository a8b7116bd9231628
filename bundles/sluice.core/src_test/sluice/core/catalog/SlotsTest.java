package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;
import static sluice.protocol.v1.Access.READ_ONLY;
import static sluice.protocol.v1.Access.READ_WRITE;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class SlotsTest {
  private static final Actor SERVER = Actor.newBuilder().setKind(Actor.Kind.SERVER).build();
  private final CatalogFixture c = new CatalogFixture();

  @BeforeEach
  void aSharedMirrorAndThreeHosts() {
    c.pool(100 * MIB, 100 * MIB);
    Change.Builder change = createVolume(30, "v1", 10 * MIB);
    change.getCreateVolumeBuilder().setLegs(2).setShared(true);
    c.applied(change);
    for (int h = 40; h < 43; h++) {
      c.host(h, "h" + h);
      c.applied(grant(30, h, READ_WRITE));
    }
  }

  private int slot(int host) {
    return c.volume(30).getAttachmentsList().stream().filter(a -> a.getHostId().equals(id(host))).findFirst().orElseThrow().getSlot();
  }

  private void reconciled(int slot) {
    c.actor = SERVER;
    c.applied(Change.newBuilder().setSlotReconciled(SlotReconciled.newBuilder().setVolumeId(id(30)).setSlot(slot)));
    c.actor = ADMIN;
  }

  private static Change.Builder dead(int host) {
    return Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(id(host)).setConfirmName("h" + host));
  }

  @Test
  void eachWriterHasTheLowestFreeSlotAndReadersHaveNone() {
    c.applied(attach(30, 40, READ_WRITE));
    c.applied(attach(30, 41, READ_WRITE));
    c.applied(attach(30, 42, READ_ONLY));
    assertEquals(List.of(1, 2, 0), List.of(slot(40), slot(41), slot(42)));
    c.applied(detach(30, 41));
    assertEquals(2, slot(41));
    c.applied(release(30, 40));
    assertEquals(List.of(), c.volume(30).getUnreconciledSlotsList());
    c.applied(attach(30, 40, READ_WRITE));
    assertEquals(1, slot(40));
  }

  @Test
  void theSlotOfADeadHostIsNotGivenAwayBeforeItIsReconciled() {
    c.applied(attach(30, 40, READ_WRITE));
    c.applied(dead(40));
    assertEquals(List.of(1), c.volume(30).getUnreconciledSlotsList());
    c.applied(attach(30, 41, READ_WRITE));
    assertEquals(2, slot(41));
    reconciled(1);
    assertEquals(List.of(), c.volume(30).getUnreconciledSlotsList());
    reconciled(1);
    assertEquals(0, c.last.delta().getChangesCount());
    c.applied(attach(30, 42, READ_WRITE));
    assertEquals(1, slot(42));
  }

  @Test
  void theSlotOfAHostThatDidNotStopByItselfWaitsToo() {
    c.applied(attach(30, 40, READ_WRITE));
    Change.Builder release = release(30, 40);
    release.getReleaseVolumeBuilder().setUnfinished(true);
    c.applied(release);
    assertEquals(List.of(1), c.volume(30).getUnreconciledSlotsList());
  }

  @Test
  void aSlotThatShowsWhatAStaleLegHasMissedIsNotGivenAwayEvenIfItsHostStoppedWell() {
    c.applied(attach(30, 40, READ_WRITE));
    c.actor = SERVER;
    c.applied(Change.newBuilder().setMarkLegStale(MarkLegStale.newBuilder().setVolumeId(id(30))
        .setLegId(c.volume(30).getLayout().getLegs(1).getId()).setEpoch(1).setReason("lost")));
    c.applied(release(30, 40));
    assertEquals(List.of(1), c.volume(30).getUnreconciledSlotsList());
  }

  @Test
  void withoutAFreeSlotNoWriterIsTaken() {
    for (int slot = 1; slot <= CatalogLimits.LAST_SLOT; slot++) {
      c.applied(attach(30, 40, READ_WRITE));
      assertEquals(slot, slot(40));
      c.applied(dead(40));
    }
    assertTrue(c.refused(Problem.Code.CONFLICT, attach(30, 40, READ_WRITE)).getWhy().contains("127"));
    c.applied(attach(30, 40, READ_ONLY));
  }

  @Test
  void attachmentsDroppedByAnImportLeaveTheirSlotsToBeReconciled() {
    c.applied(attach(30, 40, READ_WRITE));
    PoolMetadata metadata = c.view().poolMetadata(id(20)).orElseThrow();
    CatalogFixture fresh = new CatalogFixture();
    fresh.applied(Change.newBuilder().setImportPool(ImportPool.newBuilder().setMetadata(metadata)));
    assertEquals(0, fresh.volume(30).getAttachmentsCount());
    assertEquals(List.of(1), fresh.volume(30).getUnreconciledSlotsList());
    assertEquals(c.volume(30).getLayout(), fresh.volume(30).getLayout());
  }
}
