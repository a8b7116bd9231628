package sluice.core.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sluice.core.space.DiskExtent;
import sluice.core.space.DiskSpace;
import sluice.protocol.v1.Candidate;

class PlacerTest {
  private final List<PlacementDisk> disks = new ArrayList<>();
  private final Map<String, String> avoid = new HashMap<>();

  /** A disk of so many bytes in units of 10, of which the runs given (offset, length, …) are taken. */
  private void disk(String id, String domain, long size, long... taken) {
    DiskSpace space = new DiskSpace(0, size, 10);
    for (int i = 0; i < taken.length; i += 2) space.allocate(taken[i], taken[i + 1]);
    disks.add(new PlacementDisk(id, "disk-" + id, domain, space));
  }

  private Placement place(int columns, long columnBytes) {
    return Placer.place(disks, new PlacementRequest(columns, columnBytes, 10, 8, avoid));
  }

  private static List<String> disksOf(PlacedSegment segment) {
    return segment.columns().stream().map(DiskExtent::diskId).toList();
  }

  private static Map<String, String> reasons(Placement placement) {
    return placement.candidates().stream().collect(Collectors.toMap(Candidate::getDiskId, Candidate::getReason));
  }

  @Test
  void theEmptiestDiskIsTakenAndOfEqualOnesTheFirstByName() {
    disk("c", "", 100);
    disk("a", "", 100, 0, 10);
    disk("b", "", 100);
    Placement placement = place(1, 50);
    assertEquals(List.of("b"), disksOf(placement.segments().get(0)));
    assertEquals(Set.of("b"), taken(placement));
    assertEquals("not needed: the disks taken have as much free space or more", reasons(placement).get("a"));
  }

  @Test
  void theShortestRunThatHoldsItIsTaken() {
    disk("a", "", 200, 50, 10, 80, 10);
    assertEquals(new DiskExtent("a", 60, 20), place(1, 20).segments().get(0).columns().get(0));
  }

  @Test
  void columnsLieInDifferentDomainsAsLongAsThereAreAny() {
    disk("a", "r1", 200);
    disk("b", "r1", 190);
    disk("c", "r2", 100);
    Placement two = place(2, 50);
    assertEquals(List.of("a", "c"), disksOf(two.segments().get(0)));
    assertEquals("column 1 lies in its failure domain r1 already", reasons(two).get("b"));
    assertEquals(List.of("a", "c", "b"), disksOf(place(3, 50).segments().get(0)));
  }

  @Test
  void disksInNoDomainAreEachTheirOwn() {
    disk("a", "", 200);
    disk("b", "", 190);
    disk("c", "r1", 100);
    assertEquals(List.of("a", "b"), disksOf(place(2, 50).segments().get(0)));
  }

  @Test
  void everyDiskThatIsRefusedSaysWhy() {
    disk("a", "", 100);
    disk("b", "", 100, 0, 80);
    disk("c", "", 100, 40, 20);
    disk("d", "", 100);
    avoid.put("d", "offline since noon");
    Placement placement = place(2, 60);
    assertFalse(placement.placed() && taken(placement).contains("d"));
    Map<String, String> reasons = reasons(place(3, 60));
    assertEquals("column 1 lies on it already", reasons.get("a"));
    assertEquals("20 B free of 60 B needed", reasons.get("b"));
    assertEquals("80 B free, but only 40 B of 60 B needed in one piece", reasons.get("c"));
    assertEquals("offline since noon", reasons.get("d"));
    assertEquals("1 of its disks can take a column of 60 B, of 3 needed", place(3, 60).whyNot());
    assertEquals("3 of its disks can be used, of 4 needed, one for each column", place(4, 10).whyNot());
  }

  @Test
  void aLinearVolumeSpansAsFewPiecesAsPossible() {
    disk("a", "", 100, 40, 20);
    disk("b", "", 100, 70, 30);
    Placement placement = place(1, 110);
    assertEquals(List.of(70L, 40L), placement.segments().stream().map(PlacedSegment::bytes).toList());
    assertEquals(Set.of("a", "b"), taken(placement));
  }

  @Test
  void aLinearVolumeInPiecesStaysOnOneDiskIfThatTakesNoMorePieces() {
    disk("a", "", 100, 50, 10);
    disk("b", "", 60);
    assertEquals(Set.of("a"), taken(place(1, 80)));
    assertEquals(2, place(1, 80).segments().size());
  }

  @Test
  void tooLittleSpaceAndTooManyPiecesAreToldApart() {
    disk("a", "", 200, 10, 10, 30, 10, 50, 10, 70, 10, 90, 10, 110, 10, 130, 10, 150, 10, 170, 10, 190, 10);
    assertEquals("100 B free of 110 B needed", place(1, 110).whyNot());
    assertTrue(place(1, 80).placed());
    assertEquals("the free space lies in too many small pieces", place(1, 90).whyNot());
  }

  @Test
  void columnsSpanDisksInTurnsWhenNoSetOfDisksHoldsThemWhole() {
    disk("a", "", 20);
    disk("b", "", 20);
    disk("c", "", 20);
    Placement placement = place(2, 30);
    assertEquals(60, placement.segments().stream().mapToLong(PlacedSegment::bytes).sum());
    assertEquals(Set.of("a", "b", "c"), taken(placement));
  }

  @Test
  void whateverCanBePlacedIsPlacedAndNothingOverlaps() {
    int placed = 0;
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      disks.clear();
      int count = 1 + random.nextInt(6);
      int columns = 1 + random.nextInt(3);
      for (int d = 0; d < count; d++) {
        long size = 10 * (1 + random.nextInt(10));
        disk("" + d, random.nextBoolean() ? "" : "r" + random.nextInt(2), size);
        DiskSpace space = disks.get(d).space();
        for (int i = 0; i < 3; i++) {
          long at = 10L * random.nextInt((int) (size / 10));
          if (space.freeFrom(at) > 0) space.allocate(at, 10);
        }
      }
      long column = 10 * (1 + random.nextInt(9));
      Placement placement = Placer.place(disks, new PlacementRequest(columns, column, 10, 1_000, Map.of()));
      // the rule by which n columns of r can be placed at all
      long possible = disks.stream().mapToLong(d -> Math.min(d.space().free(), column)).sum();
      boolean fits = columns == 1 ? disks.stream().mapToLong(d -> d.space().free()).sum() >= column : possible >= columns * column;
      assertEquals(fits, placement.placed(), "seed " + seed);
      assertEquals(disks.size(), placement.candidates().size());
      if (!fits) continue;
      assertTrue(reasons(placement).values().stream().filter(String::isEmpty).count() == taken(placement).size());
      placed++;
      long sum = 0;
      for (PlacedSegment segment : placement.segments()) {
        assertEquals(columns, new TreeSet<>(disksOf(segment)).size(), "seed " + seed);
        for (DiskExtent e : segment.columns()) disks.get(Integer.parseInt(e.diskId())).space().allocate(e.offset(), e.length());
        sum += segment.bytes();
      }
      assertEquals(columns * column, sum, "seed " + seed);
    }
    assertTrue(placed > 500, "only " + placed + " were placed: this tests too little");
  }

  private static Set<String> taken(Placement placement) {
    return placement.candidates().stream().filter(Candidate::getTaken).map(Candidate::getDiskId).collect(Collectors.toCollection(TreeSet::new));
  }
}
