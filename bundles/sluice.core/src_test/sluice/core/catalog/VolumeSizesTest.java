package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.Test;
import sluice.core.layout.LayoutTail;
import sluice.protocol.v1.*;

/** Sizes of volumes in use: each change names the epoch that it was decided under. */
class VolumeSizesTest {
  private static final Actor SERVER = Actor.newBuilder().setKind(Actor.Kind.SERVER).build();
  private final CatalogFixture c = new CatalogFixture();

  private void attached(int legs, int stripes, long... disks) {
    c.pool(disks);
    Change.Builder create = createVolume(30, "v1", 10 * MIB, stripes);
    create.getCreateVolumeBuilder().setLegs(legs);
    c.applied(create);
    c.host(40, "h1");
    c.applied(grant(30, 40, Access.READ_WRITE));
    c.applied(attach(30, 40, Access.READ_WRITE));
    c.actor = SERVER;
  }

  private long epoch() {
    return c.volume(30).getLayout().getEpoch();
  }

  private Change.Builder size(long bytes, String confirm) {
    Change.Builder change = resize(30, bytes);
    change.getResizeVolumeBuilder().setEpoch(epoch()).setConfirmName(confirm);
    return change;
  }

  private Change.Builder free(long epoch) {
    return Change.newBuilder().setFreeTail(FreeTail.newBuilder().setVolumeId(id(30)).setEpoch(epoch));
  }

  private long freeBytes() {
    return c.view().poolUsage(id(20)).orElseThrow().getFreeBytes();
  }

  @Test
  void aVolumeInUseGrowsUnderANewEpochWhenTheServerHasRecalledIt() {
    attached(2, 1, 100 * MIB, 90 * MIB);
    long before = epoch();
    c.refused(Problem.Code.CONFLICT, resize(30, 20 * MIB));
    c.applied(size(20 * MIB, ""));
    assertEquals(20 * MIB, c.volume(30).getSizeBytes());
    assertEquals(before + 1, epoch());
    c.refused(Problem.Code.CONFLICT, Change.newBuilder().setResizeVolume(size(30 * MIB, "").getResizeVolume().toBuilder().setEpoch(before)));
  }

  @Test
  void itGrowsWhileALegIsBeingFilled() {
    attached(2, 1, 100 * MIB, 90 * MIB);
    String leg = c.volume(30).getLayout().getLegs(1).getId();
    c.applied(Change.newBuilder().setMarkLegStale(MarkLegStale.newBuilder().setVolumeId(id(30)).setLegId(leg).setEpoch(epoch())));
    c.applied(Change.newBuilder().setFillLeg(FillLeg.newBuilder().setVolumeId(id(30)).setLegId(leg).setEpoch(epoch()).setTaskId(id(70))));
    c.applied(size(20 * MIB, ""));
    assertEquals(LegInfo.State.FILLING, c.volume(30).getLayout().getLegs(1).getState());
  }

  @Test
  void aSmallerVolumeKeepsItsSpaceUntilTheTailIsFreed() {
    attached(2, 1, 100 * MIB, 90 * MIB);
    long before = freeBytes();
    c.applied(size(4 * MIB, "v1"));
    assertEquals(4 * MIB, c.volume(30).getSizeBytes());
    assertEquals(before, freeBytes(), "nobody else gets it yet");
    assertTrue(LayoutTail.has(c.volume(30), MIB));
    assertEquals("it has become smaller, and not every host has gone over to that yet", c.refused(Problem.Code.CONFLICT, size(20 * MIB, "")).getWhy());
    c.refused(Problem.Code.CONFLICT, free(epoch() - 1));
    long epoch = epoch();
    c.applied(free(epoch));
    assertEquals(epoch, epoch(), "nobody reaches it any more, so nobody needs to be told");
    assertEquals(before + 2 * 6 * MIB, freeBytes());
    assertFalse(LayoutTail.has(c.volume(30), MIB));
    c.applied(free(epoch));
    assertEquals(before + 2 * 6 * MIB, freeBytes(), "twice does no harm");
  }

  @Test
  void stripesAreCutInWholeGranulesAndSegmentsPastTheEndGo() {
    attached(1, 2, 100 * MIB, 90 * MIB);
    c.applied(size(30 * MIB, ""));
    c.applied(size(5 * MIB, "v1"));
    c.applied(free(epoch()));
    Volume v = c.volume(30);
    assertEquals(1, v.getLayout().getSegmentsCount());
    assertEquals(6 * MIB, v.getLayout().getSegments(0).getLengthBytes(), "two columns of 3 MiB");
    assertEquals(3 * MIB, v.getLayout().getSegments(0).getLegs(0).getColumns(1).getLengthBytes());
  }

  @Test
  void whatDestroysDataAsksForTheName() {
    attached(1, 1, 100 * MIB);
    Problem problem = c.refused(Problem.Code.INVALID_ARGUMENT, size(4 * MIB, "v2"));
    assertTrue(problem.getCorrection().contains("--confirm v1"), problem::toString);
  }

  @Test
  void aPlanOfASmallerVolumeSaysWhatIsLostAndWhoHasToAgree() {
    attached(1, 1, 100 * MIB);
    ChangePlan plan = c.view().planChange(java.util.List.of(size(4 * MIB, "v1").build()), ADMIN);
    assertEquals("what lies past 4 MiB of volume v1 is lost; before that, whoever holds it has to agree: host h1", plan.getNotes(0));
  }

  @Test
  void onlyTheServerFreesATail() {
    attached(1, 1, 100 * MIB);
    c.applied(size(4 * MIB, "v1"));
    c.actor = ADMIN;
    c.refused(Problem.Code.FORBIDDEN, free(epoch()));
  }

  @Test
  void whatALegHasFilledDoesNotReachPastTheNewEnd() {
    attached(2, 1, 100 * MIB, 90 * MIB, 80 * MIB);
    c.applied(Change.newBuilder().setAddLeg(AddLeg.newBuilder().setVolumeId(id(30)).setNewLegId(id(77)).setEpoch(epoch())));
    c.applied(Change.newBuilder().setFillLeg(FillLeg.newBuilder().setVolumeId(id(30)).setLegId(id(77)).setEpoch(epoch()).setTaskId(id(70))));
    c.applied(Change.newBuilder().setNoteLegFilled(NoteLegFilled.newBuilder().setVolumeId(id(30)).setLegId(id(77)).setFilledBytes(9 * MIB)));
    c.applied(size(4 * MIB, "v1"));
    assertEquals(4 * MIB, c.volume(30).getLayout().getLegs(2).getFilledBytes());
    assertTrue(VolumeRules.broken(c.volume(30)).isEmpty());
  }
}
