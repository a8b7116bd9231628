package sluice.local;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * Frames on a local connection: a 4-byte big-endian length and that many bytes, at most {@link #LIMIT}. Every wait
 * ends at a deadline of {@link System#nanoTime()}, which the JDK's Unix-domain channels cannot do by themselves, so
 * the channel is non-blocking with a selector of its own. One thread at a time.
 */
final class LocalFrames implements AutoCloseable {
  /** Bytes in a frame; a report on a few thousand volumes fits. */
  static final int LIMIT = 1 << 20;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  LocalFrames(SocketChannel channel) throws IOException {
    this.channel = channel;
    boolean done = false;
    Selector s = null;
    try {
      channel.configureBlocking(false);
      s = Selector.open();
      key = channel.register(s, 0);
      done = true;
    } finally {
      if (!done) {
        if (s != null) s.close();
        channel.close();
      }
    }
    selector = s;
  }

  /** @throws SocketTimeoutException after the deadline, {@link EOFException} if the other side ends before a frame does */
  byte[] read(long deadlineNanos) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(4);
    fill(head, deadlineNanos);
    int length = head.getInt(0);
    if (length < 0 || length > LIMIT) throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes");
    ByteBuffer body = ByteBuffer.allocate(length);
    fill(body, deadlineNanos);
    return body.array();
  }

  void write(byte[] message, long deadlineNanos) throws IOException {
    if (message.length > LIMIT) throw new IOException("a frame of " + message.length + " bytes");
    ByteBuffer b = ByteBuffer.allocate(4 + message.length).putInt(message.length).put(message).flip();
    while (channel.write(b) >= 0 && b.hasRemaining()) await(SelectionKey.OP_WRITE, deadlineNanos);
  }

  private void fill(ByteBuffer b, long deadlineNanos) throws IOException {
    while (b.hasRemaining()) {
      int n = channel.read(b);
      if (n < 0) throw new EOFException("the connection ended in the middle of a message");
      if (n == 0) await(SelectionKey.OP_READ, deadlineNanos);
    }
  }

  private void await(int operation, long deadlineNanos) throws IOException {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) throw new SocketTimeoutException("no answer in time");
    if (Thread.currentThread().isInterrupted()) throw new IOException("interrupted");
    key.interestOps(operation);
    selector.select(left / 1_000_000 + 1);
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    try {
      selector.close();
    } finally {
      channel.close();
    }
  }
}
