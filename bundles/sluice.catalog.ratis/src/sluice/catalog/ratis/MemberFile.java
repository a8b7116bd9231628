package sluice.catalog.ratis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Who this member is, in the file {@code member}: one line of {@code <id> new} or {@code <id> started}. It is locked
 * while the engine is open, since two engines on one log would destroy it. "started" says that there was a catalog in
 * this directory, so that a lost log is not taken for a first start.
 */
final class MemberFile implements AutoCloseable {
  private static final int MAX_BYTES = 64;

  private final FileChannel channel;
  private final String id;
  private boolean started;

  private MemberFile(FileChannel channel, String id, boolean started) {
    this.channel = channel;
    this.id = id;
    this.started = started;
  }

  /** @throws SluiceException CONFLICT if another engine has the directory, CORRUPT if the file says something else */
  static MemberFile open(Path dir) throws IOException {
    FileChannel channel = FileChannel.open(dir.resolve("member"),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    boolean done = false;
    try {
      if (!lock(channel)) {
        throw new SluiceException(ErrorCode.CONFLICT, "the catalog in " + dir + " is in use",
            "another server has it open", "stop that server first", dir.toString());
      }
      MemberFile file = read(dir, channel);
      done = true;
      return file;
    } finally {
      if (!done) channel.close();
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  private static MemberFile read(Path dir, FileChannel channel) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(MAX_BYTES);
    channel.read(b, 0);
    String text = new String(b.array(), 0, b.position(), StandardCharsets.US_ASCII).trim();
    if (text.isEmpty()) {
      // new, or a first start that was cut short before it came to anything
      MemberFile file = new MemberFile(channel, UUID.randomUUID().toString(), false);
      file.write();
      return file;
    }
    String[] words = text.split(" ");
    if (words.length != 2 || !words[0].matches("[0-9a-f-]{36}") || !words[1].matches("new|started")) {
      throw StorageFolder.damaged(dir, null, "the file 'member' in it holds something else");
    }
    return new MemberFile(channel, words[0], words[1].equals("started"));
  }

  /** Stays the same over restarts. */
  String id() {
    return id;
  }

  boolean started() {
    return started;
  }

  /** From now on a directory without a log is damaged. */
  void markStarted() throws IOException {
    if (started) return;
    started = true;
    write();
  }

  /** Shorter than a sector, and of one length or the other: in place is whole or not at all. */
  private void write() throws IOException {
    byte[] line = (id + (started ? " started\n" : " new\n")).getBytes(StandardCharsets.US_ASCII);
    channel.write(ByteBuffer.wrap(line), 0);
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
