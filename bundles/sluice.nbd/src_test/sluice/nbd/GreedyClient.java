package sluice.nbd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client's bytes, written by hand. */
final class GreedyClient {
  private GreedyClient() {}

  /** Opens the export the old way; the answers are not waited for. */
  static ByteBuffer handshake(String export) {
    byte[] name = export.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(20 + name.length).putInt(3).putLong(0x49484156454F5054L).putInt(1).putInt(name.length).put(name).flip();
  }

  static ByteBuffer reads(int count, int length) {
    ByteBuffer out = ByteBuffer.allocate(28 * count);
    for (int i = 0; i < count; i++) out.putInt(0x25609513).putInt(0).putLong(i).putLong(0).putInt(length);
    return out.flip();
  }
}
