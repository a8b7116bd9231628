package sluice.cli.bench;

import java.util.List;

/** An NBD server that runs. */
interface Contestant {
  String name();

  /** NBD URI of its export. */
  String uri();

  /** Byte of the export at which the volume's blocks lie: all work on the same blocks of the file. */
  long offset();

  /** The processes that serve. */
  List<Long> pids();
}
