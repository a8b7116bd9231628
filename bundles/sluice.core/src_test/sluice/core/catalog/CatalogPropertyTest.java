package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sluice.core.layout.LayoutMapping;
import sluice.core.space.DiskExtent;
import sluice.protocol.v1.*;

/** What must hold after any commands in any order. A failure names its seed. */
class CatalogPropertyTest {
  private static final int SEEDS = 200;
  private static final int COMMANDS = 300;

  @Test
  void everyInvariantHoldsAfterEveryCommandOfEverySeed() {
    Map<Change.BodyCase, Integer> applied = new EnumMap<>(Change.BodyCase.class);
    for (long seed = 0; seed < SEEDS; seed++) run(seed, applied);
    for (Change.BodyCase kind : Change.BodyCase.values()) {
      boolean tried = kind != Change.BodyCase.NOTE_REFUSAL && kind != Change.BodyCase.NOTE_EVENT && kind != Change.BodyCase.BODY_NOT_SET;
      if (tried) assertTrue(applied.getOrDefault(kind, 0) > 20, kind + " was applied too seldom to mean anything: " + applied);
    }
  }

  private static void run(long seed, Map<Change.BodyCase, Integer> applied) {
    Catalog catalog = new Catalog();
    Catalog loaded = new Catalog();
    Mirror mirror = new Mirror();
    LegChecks legs = new LegChecks();
    RandomCommands commands = new RandomCommands(seed);
    for (int i = 1; i <= COMMANDS; i++) {
      String where = "seed " + seed + ", command " + i;
      Command command = commands.next(catalog.view());
      CatalogState before = catalog.save();
      CatalogOutcome outcome = catalog.apply(command, i);
      CatalogState after = catalog.save();

      assertEquals(outcome, loaded.apply(command, i), where + ": a replica that was loaded on the way differs");
      mirror.accept(outcome.delta());
      if (i % 5 == 0) assertEquals(after, mirror.state(after), where + ": the deltas do not give the state");
      if (outcome.result().hasProblem()) {
        assertNotEquals(Problem.Code.INTERNAL, outcome.result().getProblem().getCode(), where + outcome.result());
        assertEquals(objects(before), objects(after), where + ": a refusal changed something");
      } else if (outcome.result().getRevision() == i) {
        applied.merge(command.getChange().getBodyCase(), 1, Integer::sum);
      } else {
        assertEquals(objects(before), objects(after), where + ": a repeated command changed something");
      }
      boolean made = outcome.result().hasApplied() && outcome.result().getRevision() == i;
      legs.check(before, command, made, catalog.view(), where);
      checkSpace(catalog.view(), where);
      checkReferences(catalog.view(), where);
      if (i % 2 == 0) checkIndexes(catalog.view(), where);
      if (i % 10 == 0) {
        loaded = Catalog.load(after);
        assertEquals(after, loaded.save(), where + ": saving what was loaded");
      }
    }
  }

  private static CatalogState objects(CatalogState state) {
    return state.toBuilder().clearRevision().clearAudit().clearResults().build();
  }

  /** Counted anew from the volumes alone, in another way than the catalog counts. */
  private static void checkSpace(CatalogView view, String where) {
    Map<String, List<DiskExtent>> byDisk = new TreeMap<>();
    for (Volume volume : view.volumes()) {
      assertTrue(LayoutMapping.layout(volume).size() == volume.getSizeBytes(), where);
      Inventory.extents(volume).forEach(e -> byDisk.computeIfAbsent(e.diskId(), d -> new ArrayList<>()).add(e));
    }
    for (Pool pool : view.pools()) {
      long total = 0;
      long allocated = 0;
      for (Disk disk : view.disksOfPool(pool.getId())) {
        List<DiskExtent> extents = byDisk.getOrDefault(disk.getId(), new ArrayList<>());
        byDisk.remove(disk.getId());
        extents.sort((a, b) -> Long.compare(a.offset(), b.offset()));
        long at = disk.getDataStartBytes();
        long sum = 0;
        for (DiskExtent e : extents) {
          assertTrue(e.offset() >= at, where + ": overlap on disk " + disk.getName());
          assertEquals(0, (e.offset() | e.length()) % pool.getUnitBytes(), where);
          at = e.offset() + e.length();
          sum += e.length();
        }
        assertTrue(at <= disk.getDataEndBytes(), where + ": beyond the end of disk " + disk.getName());
        SpaceUsage usage = view.diskUsage(disk.getId()).orElseThrow();
        assertEquals(sum, usage.allocated(), where);
        assertEquals(usage.total(), usage.allocated() + usage.free(), where);
        total += usage.total();
        allocated += sum;
      }
      PoolUsage usage = view.poolUsage(pool.getId()).orElseThrow();
      assertEquals(total, usage.getTotalBytes(), where);
      assertEquals(allocated, usage.getAllocatedBytes(), where);
      assertEquals(total - allocated, usage.getFreeBytes(), where);
    }
    assertTrue(byDisk.isEmpty(), where + ": extents on disks in no pool " + byDisk);
  }

  private static void checkReferences(CatalogView view, String where) {
    Set<String> names = new HashSet<>();
    view.users().forEach(u -> assertTrue(names.add("user " + u.getName()), where));
    view.hosts().forEach(h -> assertTrue(names.add("host " + h.getName()), where));
    view.disks().forEach(d -> assertTrue(names.add("disk " + d.getName()), where));
    view.pools().forEach(p -> assertTrue(names.add("pool " + p.getName()), where));
    view.volumes().forEach(v -> assertTrue(names.add("volume " + v.getName()), where));
    if (view.cluster().isPresent()) {
      assertTrue(view.users().stream().anyMatch(u -> u.getRole() == Role.ADMIN && u.getCertificateSha256Count() > 0), where + ": no administrator");
    }
    for (Disk disk : view.disks()) assertTrue(disk.getPoolId().isEmpty() || view.pool(disk.getPoolId()).isPresent(), where);
    for (Volume volume : view.volumes()) {
      assertEquals(Optional.empty(), VolumeRules.broken(volume), where);
      assertTrue(view.pool(volume.getPoolId()).isPresent(), where);
      for (Grant g : volume.getGrantsList()) assertTrue(view.host(g.getHostId()).isPresent(), where);
      for (String area : volume.getSnapshotAreaIdsList()) assertEquals(volume.getId(), view.volume(area).orElseThrow().getAreaOfVolumeId(), where);
      if (!volume.getAreaOfVolumeId().isEmpty()) {
        assertTrue(view.volume(volume.getAreaOfVolumeId()).orElseThrow().getSnapshotAreaIdsList().contains(volume.getId()), where);
      }
      for (DiskExtent e : Inventory.extents(volume)) {
        assertEquals(volume.getPoolId(), view.disk(e.diskId()).orElseThrow().getPoolId(), where);
        assertTrue(view.volumesOnDisk(e.diskId()).contains(volume), where);
      }
    }
  }

  private static void checkIndexes(CatalogView view, String where) {
    for (Host host : view.hosts()) {
      assertEquals(host, view.hostByName(host.getName()).orElseThrow(), where);
      for (String f : host.getCertificateSha256List()) assertEquals(host, view.hostByCertificate(f).orElseThrow(), where);
      assertEquals(view.volumes().stream().filter(v -> v.getGrantsList().stream().anyMatch(g -> g.getHostId().equals(host.getId()))).toList(),
          view.volumesGrantedTo(host.getId()), where);
      assertEquals(view.volumes().stream().filter(v -> v.getAttachmentsList().stream().anyMatch(a -> a.getHostId().equals(host.getId()))).toList(),
          view.volumesHeldBy(host.getId()), where);
      assertEquals(view.volumes().stream().filter(v -> v.getCreatedByHostId().equals(host.getId())).mapToLong(Volume::getSizeBytes).sum(),
          view.bytesCreatedBy(host.getId()), where);
    }
    for (Pool pool : view.pools()) {
      assertEquals(view.volumes().stream().filter(v -> v.getPoolId().equals(pool.getId())).toList(), view.volumesOfPool(pool.getId()), where);
    }
    for (User user : view.users()) {
      for (String f : user.getCertificateSha256List()) assertEquals(user, view.userByCertificate(f).orElseThrow(), where);
    }
  }
}
