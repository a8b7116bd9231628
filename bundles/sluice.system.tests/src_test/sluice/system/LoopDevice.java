package sluice.system;

import java.nio.file.Path;

/** A file as a block device of the kernel's. Needs root, and a machine that has loop devices. */
final class LoopDevice implements AutoCloseable {
  private final String device;

  LoopDevice(Path file) {
    device = Tool.run("losetup", "--show", "-f", file.toString()).ok().out().trim();
  }

  /** Why there can be none here; null if there can. */
  static String missing(Path file) {
    Tool.Result made;
    try {
      made = Tool.run("losetup", "--show", "-f", file.toString());
    } catch (AssertionError e) {
      return "there is no losetup here";
    }
    if (made.exit() != 0) return "losetup makes no device here (no root, or a container): " + made.err().trim();
    Tool.run("losetup", "-d", made.out().trim()).ok();
    return null;
  }

  /** As a disk's URI. */
  String uri() {
    return "dev:" + device;
  }

  @Override
  public void close() {
    Tool.run("losetup", "-d", device).ok();
  }
}
