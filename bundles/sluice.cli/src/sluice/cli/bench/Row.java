package sluice.cli.bench;

import java.util.List;

/**
 * One line of the table: a job, who does it, and what ratio to the best peer is wanted.
 *
 * @param id to choose it by
 * @param title for people
 * @param direct on the disk past the page cache, otherwise in the page cache
 * @param oneCore the serving process may use one processor only
 * @param viaServer the volume goes through the server instead of straight to the disk
 * @param operation fio's word
 * @param blockBytes bytes of one request
 * @param depth requests in flight
 * @param wanted ratio to the best peer
 */
record Row(String id, String title, boolean direct, boolean oneCore, boolean viaServer, String operation, int blockBytes, int depth, double wanted) {
  private static final int K4 = 4096;
  private static final int M1 = 1 << 20;

  /** The rows of the promise (issue 2, "How fast"). */
  static final List<Row> ALL = List.of(
      new Row("direct-read-32", "O_DIRECT 4k random read, depth 32", true, false, false, "randread", K4, 32, 1.25),
      new Row("direct-write-32", "O_DIRECT 4k random write, depth 32", true, false, false, "randwrite", K4, 32, 2.0),
      new Row("direct-read-1", "O_DIRECT 4k random read, depth 1", true, false, false, "randread", K4, 1, 1.0),
      new Row("direct-write-1", "O_DIRECT 4k random write, depth 1", true, false, false, "randwrite", K4, 1, 1.0),
      new Row("direct-read-1m", "O_DIRECT 1 MiB read, depth 8", true, false, false, "read", M1, 8, 1.0),
      new Row("direct-write-1m", "O_DIRECT 1 MiB write, depth 8", true, false, false, "write", M1, 8, 1.0),
      new Row("cache-read-32", "page cache, one core, 4k random read, depth 32", false, true, false, "randread", K4, 32, 1.2),
      new Row("cache-write-32", "page cache, one core, 4k random write, depth 32", false, true, false, "randwrite", K4, 32, 1.2),
      new Row("server-read-32", "server route, 4k random read, depth 32, to the direct route", true, false, true, "randread", K4, 32, 0.5),
      new Row("server-write-32", "server route, 4k random write, depth 32, to the direct route", true, false, true, "randwrite", K4, 32, 0.5));

  boolean reads() {
    return operation.endsWith("read");
  }
}
