package sluice.server.pools;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.io.label.DiskLabel;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.PoolMetadata;

/**
 * Decides what to import of what lies on some disks: which pool, which copy of its metadata, and whether the disks are
 * all there and fit. Pure.
 *
 * @param metadata the newest copy, with the ways that were given
 * @param labels of its disks, by URI
 * @param notes for people
 */
record ImportChoice(PoolMetadata metadata, Map<String, DiskLabel> labels, List<String> notes) {
  /** @param metadata null if none could be read */
  record Candidate(String uri, long sizeBytes, DiskLabel label, PoolMetadata metadata) {}

  /**
   * @param wanted name or id of the pool, empty for the only one
   * @throws SluiceException that says what does not fit
   */
  static ImportChoice of(List<Candidate> found, String wanted, String clusterId, boolean takeOver) {
    refuseTwice(found);
    String pool = choosePool(found, wanted);
    List<Candidate> own = found.stream().filter(c -> c.label.poolId().equals(pool)).toList();
    Candidate best = newest(own, pool);
    Set<String> others = new TreeSet<>();
    for (Candidate c : own) if (!c.label.clusterId().equals(clusterId)) others.add(c.label.clusterId());
    if (!others.isEmpty() && !takeOver && !best.metadata.getExported()) {
      throw new SluiceException(ErrorCode.CONFLICT, "pool " + best.metadata.getPool().getName() + " belongs to another cluster",
          "its disks are labelled for cluster " + best.metadata.getClusterName() + " (" + String.join(", ", others) + ")",
          "export it there; if that cluster is gone for good, take the disks over (--take-over)", pool);
    }
    if (others.size() > 1) {
      throw new SluiceException(ErrorCode.CONFLICT, "the disks do not belong together", "they are labelled for the clusters "
          + String.join(" and ", others), "name the disks of one cluster", pool);
    }
    return fit(own, best);
  }

  private static void refuseTwice(List<Candidate> found) {
    Map<String, String> uriOf = new HashMap<>();
    for (Candidate c : found) {
      String before = uriOf.put(c.label.diskId(), c.uri);
      if (before == null) continue;
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "disk " + c.label.name() + " is there twice", before + " and " + c.uri
          + " are the same disk", "name each disk once; further ways to it can be set later", c.label.diskId());
    }
  }

  private static String choosePool(List<Candidate> found, String wanted) {
    Map<String, String> names = new TreeMap<>();
    for (Candidate c : found) {
      if (c.label.poolId().isEmpty()) continue;
      names.putIfAbsent(c.label.poolId(), "");
      if (c.metadata != null && c.metadata.getPool().getId().equals(c.label.poolId())) names.put(c.label.poolId(), c.metadata.getPool().getName());
    }
    List<String> matching = new ArrayList<>();
    names.forEach((id, name) -> {
      if (wanted.isEmpty() || wanted.equals(id) || wanted.equals(name)) matching.add(id);
    });
    if (matching.size() == 1) return matching.get(0);
    List<String> words = new ArrayList<>();
    names.forEach((id, name) -> words.add((name.isEmpty() ? "a pool without a name" : name) + " (" + id + ")"));
    String there = words.isEmpty() ? "none of the disks is in a pool" : "the disks hold " + String.join(", ", words);
    if (matching.isEmpty()) {
      throw new SluiceException(ErrorCode.NOT_FOUND, wanted.isEmpty() ? "there is no pool to import" : "there is no pool " + wanted + " on these disks",
          there, words.isEmpty() ? "name the disks of a pool" : "name one of these pools", wanted);
    }
    throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "it is not clear which pool to import", there, "name one of them");
  }

  /**
   * Revisions are compared within one cluster only. A copy of the cluster that the labels name is newer than any of a
   * former one; where there is none, the import into that cluster was cut off.
   */
  private static Candidate newest(List<Candidate> own, String pool) {
    Candidate best = null;
    for (Candidate c : own) {
      if (c.metadata == null || !c.metadata.getPool().getId().equals(pool)) continue;
      if (best == null || ofItsLabel(c) && !ofItsLabel(best)
          || ofItsLabel(c) == ofItsLabel(best) && c.metadata.getRevision() > best.metadata.getRevision()) best = c;
    }
    if (best != null) return best;
    throw new SluiceException(ErrorCode.CORRUPT, "the pool cannot be imported", "none of its disks has a readable copy of its metadata",
        "name more of its disks", pool);
  }

  private static boolean ofItsLabel(Candidate c) {
    return c.metadata.getClusterId().equals(c.label.clusterId());
  }

  private static ImportChoice fit(List<Candidate> own, Candidate best) {
    Map<String, Candidate> byId = new HashMap<>();
    for (Candidate c : own) byId.put(c.label.diskId(), c);
    List<String> missing = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Map<String, DiskLabel> labels = new TreeMap<>();
    PoolMetadata.Builder metadata = best.metadata.toBuilder().clearDisks().clearExported();
    for (Disk disk : best.metadata.getDisksList()) {
      Candidate c = byId.remove(disk.getId());
      if (c == null) {
        missing.add(disk.getName() + " (" + disk.getId() + ", was at " + String.join(", ", disk.getUrisList()) + ")");
        continue;
      }
      if (c.sizeBytes < disk.getCapacityBytes()) {
        throw new SluiceException(ErrorCode.CORRUPT, "disk " + disk.getName() + " has shrunk", c.uri + " has " + new ByteSize(c.sizeBytes) + " of "
            + new ByteSize(disk.getCapacityBytes()), "grow it back to its size", disk.getId());
      }
      if (c.metadata == null || !c.metadata.getClusterId().equals(best.metadata.getClusterId())
          || c.metadata.getRevision() < best.metadata.getRevision()) {
        notes.add("disk " + disk.getName() + " had an older copy of the metadata; the newest, from " + best.uri + ", was taken");
      }
      labels.put(c.uri, c.label);
      metadata.addDisks(disk.toBuilder().clearUris().addUris(c.uri));
    }
    if (!missing.isEmpty()) {
      throw new SluiceException(ErrorCode.NOT_FOUND, "pool " + best.metadata.getPool().getName() + " is not complete",
          "missing: " + String.join("; ", missing), "name these disks as well", missing.toArray(String[]::new));
    }
    byId.values().forEach(c -> notes.add("disk " + c.label.name() + " at " + c.uri + " has left the pool; it was not imported"));
    return new ImportChoice(metadata.build(), labels, notes);
  }
}
