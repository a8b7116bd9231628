package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class SnapshotChangesTest {
  private static final Actor SERVER = Actor.newBuilder().setKind(Actor.Kind.SERVER).build();
  private final CatalogFixture c = new CatalogFixture();

  @BeforeEach
  void twoVolumesOfWhichOneIsMirrored() {
    c.pool(200 * MIB, 200 * MIB);
    c.applied(createVolume(30, "v1", 40 * MIB));
    Change.Builder mirror = createVolume(31, "v2", 40 * MIB);
    mirror.getCreateVolumeBuilder().setLegs(2);
    c.applied(mirror);
  }

  private SnapshotMember.Builder member(int volume, int area) {
    return SnapshotMember.newBuilder().setVolumeId(id(volume)).setEpoch(c.volume(volume).getLayout().getEpoch()).setAreaVolumeId(id(area)).setAreaBytes(16 * MIB);
  }

  private Change.Builder take(int group, String name, SnapshotMember.Builder... members) {
    TakeSnapshot.Builder take = TakeSnapshot.newBuilder().setGroupId(id(group)).setName(name).setWhenFull(Snapshot.WhenFull.WAIT);
    for (SnapshotMember.Builder m : members) take.addMembers(m);
    return Change.newBuilder().setTakeSnapshot(take);
  }

  private static Change.Builder drop(int volume) {
    return Change.newBuilder().setDropSnapshotAreas(DropSnapshotAreas.newBuilder().setVolumeId(id(volume)));
  }

  private static Change.Builder deleted(int group) {
    return Change.newBuilder().setDeleteSnapshot(DeleteSnapshot.newBuilder().setGroupId(id(group)));
  }

  @Test
  void aSnapshotOfSeveralVolumesIsOneChangeThatBeginsANewEpochInEach() {
    c.applied(take(60, "s1", member(30, 70), member(31, 71)));
    assertEquals("snapshot s1 of volumes v1, v2 taken by user admin", c.last.delta().getEvents(0).getText());
    assertEquals(2, c.volume(30).getLayout().getEpoch());
    assertEquals(2, c.volume(30).getSnapshots(0).getNumber());
    assertEquals(64 << 10, c.volume(30).getChunkBytes());
    assertEquals(id(30), c.volume(70).getAreaOfVolumeId());
    assertEquals(2, c.volume(71).getLegs(), "what is preserved is kept as safely as the volume");
    c.applied(take(61, "s2", member(30, 72)));
    assertEquals(3, c.volume(30).getSnapshots(1).getNumber());
    assertTrue(c.view().volume(id(72)).isEmpty(), "there is an area already");
  }

  @Test
  void oneMemberThatCannotBeTakenStopsAll() {
    c.refused(Problem.Code.CONFLICT, take(60, "s1", member(30, 70), member(31, 71).setEpoch(9)));
    Problem full = c.refused(Problem.Code.NO_SPACE, take(60, "s1", member(30, 70), member(31, 71).setAreaBytes(900 * MIB)));
    assertTrue(full.getCandidatesCount() > 0);
    c.refused(Problem.Code.INVALID_ARGUMENT, take(60, "s1", member(30, 70), member(30, 71)));
    c.refused(Problem.Code.INVALID_ARGUMENT, take(60, "s1", member(30, 70).setChunkBytes(1000)));
    c.refused(Problem.Code.INVALID_ARGUMENT, take(60, "s1", member(30, 70).setAreaBytes(MIB)));
    c.refused(Problem.Code.INVALID_ARGUMENT, take(60, "s1"));
    c.refused(Problem.Code.NOT_FOUND, take(60, "s1", member(30, 70).setVolumeId(id(39))));
    c.applied(take(60, "s1", member(30, 70)));
    Problem taken = c.refused(Problem.Code.ALREADY_EXISTS, take(61, "s1", member(31, 71)));
    assertEquals("There is a snapshot named s1", taken.getWhat());
    c.refused(Problem.Code.CONFLICT, take(61, "s2", member(30, 71).setChunkBytes(128 << 10)));
  }

  @Test
  void anAreaIsNobodysToUseOrToTakeAway() {
    c.host(40, "h1");
    c.applied(take(60, "s1", member(30, 70)));
    c.refused(Problem.Code.CONFLICT, delete(70));
    c.refused(Problem.Code.CONFLICT, grant(70, 40, Access.READ_WRITE));
    c.refused(Problem.Code.CONFLICT, resize(70, 60 * MIB));
    c.refused(Problem.Code.CONFLICT, take(61, "s2", member(70, 71)));
    c.refused(Problem.Code.FORBIDDEN, drop(30));
    c.actor = SERVER;
    Problem inUse = c.refused(Problem.Code.CONFLICT, drop(30));
    assertEquals("it has snapshots", inUse.getWhy());
  }

  @Test
  void aVolumeIsDeletedAfterItsSnapshotsAndTheirSpace() {
    c.applied(take(60, "s1", member(30, 70)));
    Problem held = c.refused(Problem.Code.CONFLICT, delete(30));
    assertEquals("it has snapshots: s1", held.getWhy());
    c.applied(deleted(60));
    c.refused(Problem.Code.CONFLICT, delete(30));
    c.actor = SERVER;
    c.applied(drop(30));
    assertTrue(c.view().volume(id(70)).isEmpty());
    assertEquals(0, c.volume(30).getChunkBytes());
    c.applied(delete(30));
    c.refused(Problem.Code.NOT_FOUND, deleted(60));
  }

  @Test
  void spaceGrowsUpToItsLimit() {
    c.applied(take(60, "s1", member(30, 70).setLimitBytes(40 * MIB)));
    c.actor = SERVER;
    Change.Builder grow = Change.newBuilder().setAddSnapshotArea(AddSnapshotArea.newBuilder().setVolumeId(id(30)).setAreaVolumeId(id(72)).setSizeBytes(16 * MIB));
    c.applied(grow);
    c.applied(grow);
    assertEquals(2, c.volume(30).getSnapshotAreaIdsCount(), "asked twice it grows once");
    grow.getAddSnapshotAreaBuilder().setAreaVolumeId(id(73));
    assertEquals("its limit is 40 MiB", c.refused(Problem.Code.NO_SPACE, grow).getWhy());
  }

  @Test
  void apoolThatIsImportedHasItsSnapshots() {
    c.applied(take(60, "s1", member(30, 70)));
    PoolMetadata metadata = c.view().poolMetadata(id(20)).orElseThrow();
    c.applied(Change.newBuilder().setExportPool(ExportPool.newBuilder().setPoolId(id(20))));
    PoolMetadata.Builder without = metadata.toBuilder();
    for (int i = 0; i < without.getVolumesCount(); i++) if (without.getVolumes(i).getId().equals(id(70))) without.removeVolumes(i--);
    c.refused(Problem.Code.CORRUPT, Change.newBuilder().setImportPool(ImportPool.newBuilder().setMetadata(without)));
    c.applied(Change.newBuilder().setImportPool(ImportPool.newBuilder().setMetadata(metadata)));
    assertEquals("s1", c.volume(30).getSnapshots(0).getName());
  }

  @Test
  void aVolumeThatHasSnapshotsBecomesLargerOnly() {
    c.applied(take(60, "s1", member(30, 70)));
    Problem problem = c.refused(Problem.Code.CONFLICT, Change.newBuilder().setResizeVolume(ResizeVolume.newBuilder().setVolumeId(id(30))
        .setSizeBytes(20 * MIB).setEpoch(2).setConfirmName("v1")));
    assertTrue(problem.getWhy().contains("has snapshots"), problem.getWhy());
    c.applied(Change.newBuilder().setResizeVolume(ResizeVolume.newBuilder().setVolumeId(id(30)).setSizeBytes(60 * MIB).setEpoch(2)));
    c.applied(take(61, "s2", member(30, 71)));
    assertEquals(40 * MIB, c.volume(30).getSnapshots(0).getSizeBytes());
    assertEquals(60 * MIB, c.volume(30).getSnapshots(1).getSizeBytes());
  }

  private Change.Builder restore(long number, String confirm) {
    return Change.newBuilder().setRestoreVolume(RestoreVolume.newBuilder().setVolumeId(id(30)).setNumber(number).setConfirmName(confirm));
  }

  @Test
  void aVolumeIsRestoredWhenNobodyHoldsItAndNobodyGetsItMeanwhile() {
    c.host(40, "h1");
    c.applied(grant(30, 40, Access.READ_WRITE));
    c.applied(take(60, "s1", member(30, 70)));
    c.applied(attach(30, 40, Access.READ_WRITE));
    assertTrue(c.refused(Problem.Code.CONFLICT, restore(2, "v1")).getWhy().contains("attached"));
    c.applied(detach(30, 40));
    c.applied(release(30, 40));
    assertTrue(c.refused(Problem.Code.INVALID_ARGUMENT, restore(2, "")).getCorrection().contains("--confirm v1"));
    c.refused(Problem.Code.NOT_FOUND, restore(3, "v1"));
    c.applied(restore(2, "v1"));
    assertTrue(c.refused(Problem.Code.CONFLICT, attach(30, 40, Access.READ_ONLY)).getWhy().contains("restored to snapshot s1"));
    c.refused(Problem.Code.CONFLICT, take(61, "s2", member(30, 71)));
    c.refused(Problem.Code.CONFLICT, deleted(60));
    c.refused(Problem.Code.FORBIDDEN, Change.newBuilder().setEndRestore(EndRestore.newBuilder().setVolumeId(id(30)).setNumber(2)));
    Actor admin = c.actor;
    c.actor = SERVER;
    c.applied(Change.newBuilder().setEndRestore(EndRestore.newBuilder().setVolumeId(id(30)).setNumber(2)));
    c.actor = admin;
    c.applied(attach(30, 40, Access.READ_WRITE));
  }

  @Test
  void aVolumeThatHasGrownIsNotRestoredToWhatItWas() {
    c.applied(take(60, "s1", member(30, 70)));
    c.applied(Change.newBuilder().setResizeVolume(ResizeVolume.newBuilder().setVolumeId(id(30)).setSizeBytes(60 * MIB).setEpoch(2)));
    assertTrue(c.refused(Problem.Code.CONFLICT, restore(2, "v1")).getWhy().contains("40 MiB in snapshot s1"));
  }
}
