package sluice.cli.bench;

import java.util.List;

/**
 * One line of the table: a job, who does it, and what ratio to the best peer is wanted.
 *
 * @param id to choose it by
 * @param title for people
 * @param field who takes part
 * @param operation fio's word
 * @param blockBytes bytes of one request
 * @param depth requests in flight
 * @param wanted ratio to the best peer
 */
record Row(String id, String title, Field field, String operation, int blockBytes, int depth, double wanted) {
  private static final int K4 = 4096;
  private static final int M1 = 1 << 20;

  /** What a row is measured on. */
  enum Field {
    /** A volume straight on its disk, past the page cache. */
    DIRECT,
    /** A disk in the page cache; the serving process may use one processor only. */
    CACHE,
    /** A volume that goes through the server instead of straight to the disk. */
    SERVER,
    /** A volume of two legs, past the page cache. */
    MIRROR
  }

  /** The rows of the promise (issues 2 and 3, "How fast"). */
  static final List<Row> ALL = List.of(
      new Row("direct-read-32", "O_DIRECT 4k random read, depth 32", Field.DIRECT, "randread", K4, 32, 1.25),
      new Row("direct-write-32", "O_DIRECT 4k random write, depth 32", Field.DIRECT, "randwrite", K4, 32, 2.0),
      new Row("direct-read-1", "O_DIRECT 4k random read, depth 1", Field.DIRECT, "randread", K4, 1, 1.0),
      new Row("direct-write-1", "O_DIRECT 4k random write, depth 1", Field.DIRECT, "randwrite", K4, 1, 1.0),
      new Row("direct-read-1m", "O_DIRECT 1 MiB read, depth 8", Field.DIRECT, "read", M1, 8, 1.0),
      new Row("direct-write-1m", "O_DIRECT 1 MiB write, depth 8", Field.DIRECT, "write", M1, 8, 1.0),
      new Row("cache-read-32", "page cache, one core, 4k random read, depth 32", Field.CACHE, "randread", K4, 32, 1.2),
      new Row("cache-write-32", "page cache, one core, 4k random write, depth 32", Field.CACHE, "randwrite", K4, 32, 1.2),
      new Row("server-read-32", "server route, 4k random read, depth 32, to the direct route", Field.SERVER, "randread", K4, 32, 0.5),
      new Row("server-write-32", "server route, 4k random write, depth 32, to the direct route", Field.SERVER, "randwrite", K4, 32, 0.5),
      new Row("mirror-read-32", "two legs, O_DIRECT 4k random read, depth 32", Field.MIRROR, "randread", K4, 32, 1.0),
      new Row("mirror-write-32", "two legs, O_DIRECT 4k random write, depth 32", Field.MIRROR, "randwrite", K4, 32, 1.2),
      new Row("mirror-read-1", "two legs, O_DIRECT 4k random read, depth 1", Field.MIRROR, "randread", K4, 1, 1.0),
      new Row("mirror-write-1", "two legs, O_DIRECT 4k random write, depth 1", Field.MIRROR, "randwrite", K4, 1, 1.4),
      new Row("mirror-read-1m", "two legs, O_DIRECT 1 MiB read, depth 8", Field.MIRROR, "read", M1, 8, 1.0),
      new Row("mirror-write-1m", "two legs, O_DIRECT 1 MiB write, depth 8", Field.MIRROR, "write", M1, 8, 1.5));

  boolean oneCore() {
    return field == Field.CACHE;
  }

  boolean reads() {
    return operation.endsWith("read");
  }
}
