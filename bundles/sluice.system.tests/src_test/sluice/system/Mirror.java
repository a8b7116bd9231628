package sluice.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A mirrored volume on disks of nbdkit's, seen from outside: its legs as the command line shows them, and as the files hold them. */
final class Mirror implements AutoCloseable {
  final Cluster cluster;
  final Map<String, NbdkitDisk> disks = new TreeMap<>();
  private final Map<String, Path> files = new TreeMap<>();

  /** A pool "gold" of so many disks, each behind an nbdkit of its own that server and hosts share. */
  Mirror(String name, int count, long megabytes, String... serverOptions) {
    this(name, count, megabytes, false, serverOptions);
  }

  /** @param cached whether the disks lose what was not flushed when they are killed */
  Mirror(String name, int count, long megabytes, boolean cached, String... serverOptions) {
    cluster = new Cluster(name, new String[] {"127.0.0.1"}, serverOptions);
    List<String> create = new ArrayList<>(List.of("pool", "create", "gold"));
    for (int i = 1; i <= count; i++) {
      add("d" + i, megabytes, cached);
      create.add("d" + i);
    }
    cluster.ok(create.toArray(String[]::new));
  }

  /** One more disk, in no pool. */
  void add(String d, long megabytes, boolean cached) {
    files.put(d, cluster.disk(d, megabytes));
    disks.put(d, new NbdkitDisk(cluster.dir, d, files.get(d), cached));
    cluster.ok("disk", "add", disks.get(d).uri(), "--name", d);
  }

  private JsonNode volume(String volume) {
    return cluster.json("volume", "show", volume);
  }

  /** In order of the legs: "in_sync", "stale", "filling". */
  List<String> states(String volume) {
    List<String> states = new ArrayList<>();
    for (JsonNode leg : volume(volume).path("layout").path("legs")) states.add(leg.path("state").asText());
    return states;
  }

  /** The disk of each leg's first column. */
  List<String> disksOf(String volume) {
    Map<String, String> names = new TreeMap<>();
    for (JsonNode d : cluster.json("disk", "list")) names.put(d.path("id").asText(), d.path("name").asText());
    List<String> of = new ArrayList<>();
    for (JsonNode leg : volume(volume).path("layout").path("segments").path(0).path("legs")) {
      of.add(names.get(leg.path("columns").path(0).path("disk_id").asText()));
    }
    return of;
  }

  void awaitHealthy(String volume, int legs) {
    Await.until(java.time.Duration.ofSeconds(120), () -> volume + " is whole again; its legs are " + states(volume) + "\n"
        + cluster.cli("task", "list").out() + cluster.cli("status").out(), () -> {
      List<String> states = states(volume);
      return states.size() == legs && states.stream().allMatch("in_sync"::equals);
    });
  }

  /** The server reaches every disk. */
  void awaitDisks() {
    Await.until("the server reaches every disk", () -> {
      for (JsonNode d : cluster.json("disk", "list")) if (!d.toString().contains("\"online\"")) return false;
      return true;
    });
  }

  /** The disk is not used any more, and all legs are in sync again. */
  void awaitReplaced(String volume, String disk) {
    Await.until(java.time.Duration.ofSeconds(120), () -> volume + " leaves " + disk + "; it is on " + disksOf(volume) + "\n"
        + cluster.cli("status").out(), () -> !disksOf(volume).contains(disk));
    awaitHealthy(volume, 2);
  }

  void awaitDegraded(String volume) {
    Await.until(volume + " is degraded", () -> states(volume).stream().anyMatch(s -> !s.equals("in_sync")));
  }

  /** What each leg holds, by the files themselves; nothing may be writing. */
  List<String> digests(String volume) {
    JsonNode v = volume(volume);
    Map<String, String> names = new TreeMap<>();
    for (JsonNode d : cluster.json("disk", "list")) names.put(d.path("id").asText(), d.path("name").asText());
    List<String> digests = new ArrayList<>();
    for (int leg = 0; leg < v.path("layout").path("legs").size(); leg++) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (JsonNode segment : v.path("layout").path("segments")) {
          JsonNode columns = segment.path("legs").path(leg).path("columns");
          long left = segment.path("length_bytes").asLong();
          long unit = columns.size() == 1 ? left : segment.path("stripe_unit_bytes").asLong();
          for (long row = 0; left > 0; row++) {
            for (JsonNode e : columns) {
              read(files.get(names.get(e.path("disk_id").asText())), e.path("offset_bytes").asLong() + row * unit, unit, digest);
              left -= unit;
            }
          }
        }
        digests.add(HexFormat.of().formatHex(digest.digest()));
      } catch (IOException | NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
    return digests;
  }

  /** Changes bytes of a leg behind everybody's back. The volume has one segment, and no stripes. */
  void spoil(String volume, int leg, long offset, int length) {
    JsonNode extent = volume(volume).path("layout").path("segments").path(0).path("legs").path(leg).path("columns").path(0);
    Path file = null;
    for (JsonNode d : cluster.json("disk", "list")) if (d.path("id").asText().equals(extent.path("disk_id").asText())) file = files.get(d.path("name").asText());
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.seek(extent.path("offset_bytes").asLong() + offset);
      for (int i = 0; i < length; i++) f.write(0xee);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void read(Path file, long from, long length, MessageDigest digest) throws IOException {
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "r")) {
      f.seek(from);
      byte[] piece = new byte[1 << 20];
      for (long left = length; left > 0; ) {
        int n = (int) Math.min(left, piece.length);
        f.readFully(piece, 0, n);
        digest.update(piece, 0, n);
        left -= n;
      }
    }
  }

  @Override
  public void close() {
    cluster.close();
    disks.values().forEach(NbdkitDisk::close);
  }
}
