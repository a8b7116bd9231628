package sluice.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** fio's nbd engine, writing and verifying what it wrote. */
final class Fio {
  private final Program program;

  private Fio(Program program) {
    this.program = program;
  }

  private static final int AT_MOST_SECONDS = 300;
  private static final int GENTLE_IOPS = 200;

  /** Writes random blocks over and over until it is {@link #stop stopped}, reading back and comparing as it goes. */
  static Fio verifying(Path dir, String uri) {
    return verifying(dir, uri, AT_MOST_SECONDS);
  }

  /** The same for some seconds. */
  static Fio verifying(Path dir, String uri, int seconds) {
    return verifying(dir, uri, seconds, 0, 48);
  }

  /** Until it is stopped, on a part of the volume. */
  static Fio verifying(Path dir, String uri, int offsetMb, int sizeMb) {
    return verifying(dir, uri, AT_MOST_SECONDS, offsetMb, sizeMb);
  }

  /** The same, at a pace that leaves the machine to what is tested: no test that needs load alone has any use for more. */
  static Fio gently(Path dir, String uri, int offsetMb, int sizeMb) {
    return verifying(dir, uri, AT_MOST_SECONDS, offsetMb, sizeMb, "--rate_iops=" + GENTLE_IOPS);
  }

  private static Fio verifying(Path dir, String uri, int seconds, int offsetMb, int sizeMb, String... more) {
    List<String> c = new ArrayList<>(List.of("fio", "--name=verify", "--ioengine=nbd", "--uri=" + uri, "--rw=randwrite",
        "--bsrange=4k-64k", "--bs_unaligned=0", "--iodepth=16", "--offset=" + offsetMb + "m", "--size=" + sizeMb + "m",
        "--verify=crc32c", "--verify_backlog=256",
        "--verify_fatal=1", "--time_based", "--runtime=" + seconds, "--loops=100000", "--randrepeat=0",
        "--verify_state_save=0", "--group_reporting", "--output-format=normal"));
    c.addAll(List.of(more));
    return new Fio(new Program("fio", dir, Map.of(), c));
  }

  boolean running() {
    return program.alive();
  }

  /** Ends it, if it is still running as it should be, and looks at what it saw. */
  void stop() {
    if (!program.alive()) throw new AssertionError("fio has ended\n" + program.output());
    program.signal("INT");
    int exit = program.awaitEnd();
    // 128 is fio's word for having been told to stop
    check(exit == 128 ? 0 : exit);
  }

  /** Its volume is taken away from it. It ends with an error then, or says for ever that its connection is dead, gigabytes of it. */
  void awaitFailure() {
    Await.until("fio notices that its volume is gone", () -> !program.alive() || program.beginning().contains("state DEAD"));
    if (program.alive()) program.kill();
    else if (program.awaitEnd() == 0) throw new AssertionError("fio has noticed nothing\n" + program.beginning());
  }

  void awaitClean() {
    check(program.awaitEnd());
  }

  private void check(int exit) {
    String out = program.output();
    if (exit != 0 || out.contains("verify: bad") || out.contains("error=")) throw new AssertionError("fio ended with " + exit + "\n" + out);
    if (!out.contains("err= 0")) throw new AssertionError("fio reports errors\n" + out);
  }
}
