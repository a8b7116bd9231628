package sluice.core.placement;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sluice.core.space.DiskExtent;
import sluice.protocol.v1.Candidate;

/** Finds extents for a request: whole columns first, pieces only if there is no other way. */
public final class Placer {
  private final PlacementRequest request;
  private final List<PlacementDisk> disks;
  private final List<FreeRuns> usable = new ArrayList<>();
  private final List<FreeRuns> eligible = new ArrayList<>();
  private final ColumnSelection selection;

  private Placer(List<PlacementDisk> disks, PlacementRequest request) {
    this.disks = disks;
    this.request = request;
    for (PlacementDisk disk : disks) {
      if (request.avoid().containsKey(disk.id())) continue;
      FreeRuns runs = new FreeRuns(disk, request.granuleBytes());
      usable.add(runs);
      if (runs.largest() >= request.columnBytes()) eligible.add(runs);
    }
    selection = new ColumnSelection(eligible, request.columns());
  }

  /** @param disks of the pool, each once; their space is only looked at */
  public static Placement place(List<PlacementDisk> disks, PlacementRequest request) {
    return new Placer(disks, request).place();
  }

  private Placement place() {
    if (selection.chosen().size() == request.columns()) {
      List<DiskExtent> extents = new ArrayList<>();
      for (FreeRuns runs : selection.chosen()) extents.add(runs.take(request.columnBytes()));
      return new Placement(List.of(new PlacedSegment(extents)), "", this);
    }
    usable.sort(DiskScore.BEST_FIRST);
    List<PlacedSegment> segments = request.columns() == 1
        ? LinearSpan.place(usable, request.columnBytes(), request.maxSegments())
        : StripedSpan.place(usable, request.columns(), request.columnBytes(), request.granuleBytes(), request.maxSegments());
    return new Placement(segments, segments.isEmpty() ? whyRefused() : "", this);
  }

  List<Candidate> candidates(List<PlacedSegment> segments) {
    Set<String> taken = new HashSet<>();
    for (PlacedSegment segment : segments) for (DiskExtent e : segment.columns()) taken.add(e.diskId());
    List<String> columns = selection.chosen().stream().map(runs -> runs.disk.id()).toList();
    List<Candidate> candidates = new ArrayList<>();
    for (PlacementDisk disk : disks) {
      // the disk as it was before anything was taken
      FreeRuns runs = new FreeRuns(disk, request.granuleBytes());
      String why = "";
      if (!taken.contains(disk.id())) {
        why = DiskFilter.whyNot(runs, request.columnBytes(), request.avoid());
        int column = columns.indexOf(disk.id()) + 1;
        if (why.isEmpty()) why = segments.isEmpty() && column > 0 ? "column " + column + " lies on it already" : selection.whyNotChosen(runs);
      }
      candidates.add(Candidate.newBuilder().setDiskId(disk.id()).setDiskName(disk.name()).setTaken(taken.contains(disk.id())).setReason(why).build());
    }
    return candidates;
  }

  private String whyRefused() {
    String column = DiskFilter.size(request.columnBytes());
    long free = 0;
    for (FreeRuns runs : usable) free += runs.disk.space().free();
    String avoided = usable.size() == disks.size() ? "" : " on the disks that can be used";
    if (request.columns() == 1) {
      return free < request.columnBytes()
          ? DiskFilter.size(free) + " free" + avoided + " of " + column + " needed"
          : "the free space" + avoided + " lies in too many small pieces";
    }
    if (usable.size() < request.columns()) {
      return usable.size() + " of its disks can be used, of " + request.columns() + " needed, one for each column";
    }
    return eligible.size() + " of its disks can take a column of " + column + ", of " + request.columns() + " needed";
  }
}
