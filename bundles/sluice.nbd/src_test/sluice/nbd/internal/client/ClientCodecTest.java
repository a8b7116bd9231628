package sluice.nbd.internal.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.nbd.Bench;
import sluice.nbd.internal.Nbd;

/** Replies, cut, changed and made up; and what they do to requests. */
class ClientCodecTest {
  private static final int FLAGS = Nbd.FLAG_HAS_FLAGS | Nbd.FLAG_SEND_FLUSH | Nbd.FLAG_SEND_FUA | Nbd.FLAG_SEND_TRIM
      | Nbd.FLAG_SEND_WRITE_ZEROES;
  private static final Offer OFFER = new Offer(1 << 20, FLAGS, 1, 4096, 65536, true, 7);

  private final Bench bench = new Bench();

  @AfterEach
  void close() {
    bench.close();
  }

  private final class Io extends BlockRequest {
    Integer error;

    Io(BlockOp op, int flags, long offset, int length) {
      set(op, flags, offset, length);
      if (op.hasPayload()) {
        buffer = bench.buffers().take(length);
        bufferIndex = IoBuffer.HEADROOM;
        for (int i = 0; i < length; i++) buffer.bytes().put(bufferIndex + i, (byte) 0x55);
      }
    }

    @Override
    public void completed(int result) {
      assertNull(error, "completed once");
      error = result;
    }

    byte[] data() {
      byte[] data = new byte[(int) length];
      buffer.bytes().get(bufferIndex, data);
      return data;
    }

    void free() {
      if (buffer != null) buffer.release();
    }
  }

  /** A session with a READ, a WRITE, a FLUSH and a question under way; cookies are theirs. */
  private final class Session implements StatusSink {
    final EmbeddedChannel channel = new EmbeddedChannel();
    final ClientSession session;
    final List<Io> ios = new ArrayList<>();
    final List<Long> cookies = new ArrayList<>();
    final StringBuilder status = new StringBuilder();

    Session(Offer offer) {
      session = new ClientSession(bench, channel, "test", offer, false, 16);
      channel.pipeline().addLast(new ClientHandler(session));
    }

    Session() throws Exception {
      this(OFFER);
      submit(BlockOp.READ, 0, 4096, 256);
      submit(BlockOp.WRITE, 0, 512, 64);
      submit(BlockOp.FLUSH, 0, 0, 0);
      session.status(0, 8192, this);
      sent();
    }

    Io submit(BlockOp op, int flags, long offset, int length) {
      Io io = new Io(op, flags, offset, length);
      ios.add(io);
      session.submit(io);
      return io;
    }

    /** Commands sent since the last call as "command offset length"; their cookies are kept. */
    List<String> sent() throws Exception {
      bench.endBatch();
      ByteBuffer in = ByteBuffer.wrap(Bench.sent(channel));
      List<String> commands = new ArrayList<>();
      while (in.hasRemaining()) {
        assertEquals(Nbd.REQUEST_MAGIC, in.getInt());
        int flags = in.getShort();
        int type = in.getShort();
        cookies.add(in.getLong());
        long offset = in.getLong();
        int length = in.getInt();
        commands.add(type + " " + offset + " " + length + (flags == 0 ? "" : " " + flags));
        if (type == Nbd.CMD_WRITE) in.position(in.position() + length);
      }
      return commands;
    }

    void receive(byte[] bytes, int from, int to) {
      bench.receive(channel, bytes, from, to);
    }

    void receive(byte[] bytes) {
      receive(bytes, 0, bytes.length);
    }

    void end() throws Exception {
      channel.close();
      bench.endBatch();
      Bench.sent(channel);
      for (Io io : ios) {
        assertNotNull(io.error, "each request completes");
        io.free();
      }
      assertEquals(0, session.outstanding());
      assertEquals(0, bench.buffersOut());
    }

    @Override
    public void range(long length, int flags) {
      status.append(length).append(':').append(flags).append(' ');
    }

    @Override
    public void completed(int error) {
      status.append(error);
    }
  }

  private static ByteBuffer chunk(ByteBuffer out, int flags, int type, long cookie, int length) {
    return out.putInt(Nbd.STRUCTURED_REPLY_MAGIC).putShort((short) flags).putShort((short) type).putLong(cookie).putInt(length);
  }

  private static byte[] data(int length) {
    byte[] data = new byte[length];
    new Random(9).nextBytes(data);
    return data;
  }

  /** Answers to a session's four: the READ in three chunks out of order, one of them a hole. */
  private static byte[] answers(List<Long> cookies) {
    ByteBuffer out = ByteBuffer.allocate(1024);
    long read = cookies.get(0);
    chunk(out, 0, Nbd.REPLY_OFFSET_DATA, read, 8 + 100).putLong(4096 + 156).put(data(100));
    out.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(0).putLong(cookies.get(1));
    chunk(out, 0, Nbd.REPLY_OFFSET_HOLE, read, 12).putLong(4096).putInt(56);
    chunk(out, 1, Nbd.REPLY_ERROR, cookies.get(2), 6 + 3).putInt(IoError.EIO).putShort((short) 3).put("bad".getBytes(StandardCharsets.US_ASCII));
    chunk(out, 1, Nbd.REPLY_BLOCK_STATUS, cookies.get(3), 4 + 16).putInt(7).putInt(4096).putInt(3).putInt(65536).putInt(0);
    chunk(out, 0, Nbd.REPLY_OFFSET_DATA, read, 8 + 100).putLong(4096 + 56).put(data(100));
    chunk(out, 1, Nbd.REPLY_NONE, read, 0);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void check(Session s) {
    byte[] expected = new byte[256];
    System.arraycopy(data(100), 0, expected, 56, 100);
    System.arraycopy(data(100), 0, expected, 156, 100);
    assertEquals(0, s.ios.get(0).error);
    assertArrayEquals(expected, s.ios.get(0).data());
    assertEquals(0, s.ios.get(1).error);
    assertEquals(IoError.EIO, s.ios.get(2).error);
    assertEquals("4096:3 4096:0 0", s.status.toString());
  }

  @Test
  void repliesAreUnderstoodWhereverTheStreamIsCut() {
    bench.on(() -> {
      int length = answers(List.of(0L, 1L, 2L, 3L)).length;
      for (int cut = 0; cut <= length; cut++) {
        Session s = new Session();
        byte[] answers = answers(s.cookies);
        s.receive(answers, 0, cut);
        s.receive(answers, cut, length);
        check(s);
        s.end();
      }
      Session s = new Session();
      byte[] answers = answers(s.cookies);
      for (int i = 0; i < length; i++) s.receive(answers, i, i + 1);
      check(s);
      s.end();
    });
  }

  @Test
  void whenTheStreamEndsAnywhereEachRequestCompletesOnce() {
    bench.on(() -> {
      int length = answers(List.of(0L, 1L, 2L, 3L)).length;
      for (int end = 0; end < length; end++) {
        Session s = new Session();
        s.receive(answers(s.cookies), 0, end);
        s.end();
        for (Io io : s.ios) assertTrue(io.error == 0 || io.error == IoError.EIO || io.error == IoError.ENXIO, "error " + io.error);
      }
    });
  }

  @Test
  void anyBitMayBeWrong() {
    bench.on(() -> {
      int length = answers(List.of(0L, 1L, 2L, 3L)).length;
      for (int bit = 0; bit < 8 * length; bit++) {
        Session s = new Session();
        byte[] answers = answers(s.cookies);
        answers[bit / 8] ^= (byte) (1 << bit % 8);
        s.receive(answers);
        s.end();
      }
    });
  }

  @Test
  void randomRepliesNeitherBreakNorFillIt() {
    bench.on(() -> {
      Random random = new Random(6);
      for (int round = 0; round < 3000; round++) {
        Session s = new Session();
        ByteBuffer out = ByteBuffer.allocate(8192);
        int[] types = {0, 1, 2, 5, 3, Nbd.REPLY_ERROR, Nbd.REPLY_ERROR_OFFSET};
        for (int i = random.nextInt(8); i > 0; i--) {
          long cookie = s.cookies.get(random.nextInt(4));
          byte[] body = new byte[random.nextInt(64)];
          random.nextBytes(body);
          if (random.nextInt(3) == 0) out.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(random.nextInt(3)).putLong(cookie);
          else chunk(out, random.nextInt(2), types[random.nextInt(types.length)], cookie, body.length).put(body);
        }
        s.receive(Arrays.copyOf(out.array(), out.position()));
        s.end();
      }
    });
  }

  private void malformed(byte[] answer, String why) throws Exception {
    Session s = new Session();
    ByteBuffer out = ByteBuffer.wrap(answer);
    out.putLong(8, s.cookies.get((int) out.getLong(8)));
    s.receive(answer);
    assertEquals("the server's answer makes no sense: " + why, s.session.lostReason());
    assertEquals(IoError.ENXIO, s.ios.get(0).error, "a read has ended");
    s.end();
  }

  private static byte[] one(int flags, int type, long cookie, int length, byte[] body) {
    return chunk(ByteBuffer.allocate(20 + body.length), flags, type, cookie, length).put(body).array();
  }

  @Test
  void repliesThatCannotBeAreRefusedWithAReason() {
    bench.on(() -> {
      byte[] none = {};
      malformed(one(0, Nbd.REPLY_NONE, 0, 0, none), "an empty chunk that is not the last");
      malformed(one(1, Nbd.REPLY_NONE, 0, 0, none), "a reply leaves out a part of what was read");
      malformed(one(1, Nbd.REPLY_NONE, 3, 0, none), "a status without extents");
      malformed(one(1, Nbd.REPLY_NONE, 1, 4, none), "a chunk of type 0 with 4 bytes");
      malformed(one(1, 9, 0, 4, none), "a chunk of type 9");
      malformed(one(1, Nbd.REPLY_OFFSET_DATA, 1, 9, none), "a chunk of type 1 answers command 1");
      malformed(one(1, Nbd.REPLY_OFFSET_DATA, 0, Integer.MAX_VALUE, none), "a chunk of type 1 with 2147483647 bytes");
      malformed(one(1, Nbd.REPLY_OFFSET_DATA, 0, 9, ByteBuffer.allocate(8).putLong(4095).array()), "a chunk lies outside of what was read");
      malformed(one(1, Nbd.REPLY_OFFSET_HOLE, 0, 12, ByteBuffer.allocate(12).putLong(4096).putInt(257).array()),
          "a chunk lies outside of what was read");
      malformed(one(1, Nbd.REPLY_BLOCK_STATUS, 3, 12, ByteBuffer.allocate(4).putInt(8).array()), "a status of context 8 that was not selected");
      malformed(one(1, Nbd.REPLY_ERROR, 0, 6, ByteBuffer.allocate(6).putInt(5).putShort((short) 1).array()),
          "an error's text is longer than its chunk");
      malformed(ByteBuffer.allocate(16).putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(0).putLong(0).array(), "a READ is answered with a simple reply");
    });
  }

  @Test
  void aReplyIsNotTakenTwice() {
    bench.on(() -> {
      Session s = new Session();
      byte[] done = ByteBuffer.allocate(16).putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(0).putLong(s.cookies.get(1)).array();
      s.receive(done);
      assertNull(s.session.lostReason());
      s.submit(BlockOp.WRITE, 0, 0, 64);
      s.receive(done);
      assertNotNull(s.session.lostReason(), "the slot is used again, but by another cookie");
      s.end();
    });
  }

  private static byte[] ok(long cookie) {
    return ByteBuffer.allocate(16).putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(0).putLong(cookie).array();
  }

  @Test
  void largeRequestsAreSplitAndCompleteOnceWithTheFirstError() {
    bench.on(() -> {
      Session s = new Session(OFFER);
      Io write = s.submit(BlockOp.WRITE, BlockRequest.FUA, 0, 150_000);
      assertEquals(List.of("1 0 65536 1", "1 65536 65536 1", "1 131072 18928 1"), s.sent());
      s.receive(ok(s.cookies.get(2)));
      s.receive(one(1, Nbd.REPLY_ERROR, s.cookies.get(0), 6, ByteBuffer.allocate(6).putInt(IoError.ENOSPC).array()));
      assertNull(write.error);
      s.receive(ok(s.cookies.get(1)));
      assertEquals(IoError.ENOSPC, write.error);
      s.end();
    });
  }

  @Test
  void fuaIsMadeFromFlushAndZeroesFromWrites() {
    bench.on(() -> {
      Session s = new Session(new Offer(1 << 20, Nbd.FLAG_HAS_FLAGS | Nbd.FLAG_SEND_FLUSH, 0, 0, 0, true, -1));
      Io write = s.submit(BlockOp.WRITE_ZEROES, BlockRequest.FUA, 0, 512 << 10);
      assertEquals(List.of("1 0 262144", "1 262144 262144"), s.sent());
      s.receive(ok(s.cookies.get(0)));
      assertEquals(List.of(), s.sent());
      s.receive(ok(s.cookies.get(1)));
      assertNull(write.error, "not stable yet");
      assertEquals(List.of("3 0 0"), s.sent());
      s.receive(ok(s.cookies.get(2)));
      assertEquals(0, write.error);
      assertEquals(0, s.submit(BlockOp.TRIM, 0, 0, 4096).error, "a hint");
      s.end();
    });
  }

  @Test
  void whenTheConnectionTimesOutReadsEndAndSentChangesStayInDoubt() {
    bench.on(() -> {
      Session s = new Session();
      s.channel.pipeline().fireExceptionCaught(new IOException("Connection timed out"));
      bench.endBatch();
      assertEquals(IoError.ETIMEDOUT, s.ios.get(0).error);
      assertNull(s.ios.get(1).error, "the write may still take effect");
      assertEquals(IoError.ETIMEDOUT, s.ios.get(2).error);
      assertEquals(1, s.session.inDoubt());
      assertEquals(IoError.ENXIO, s.submit(BlockOp.READ, 0, 0, 512).error);
      s.session.peerFenced();
      assertEquals(IoError.ENXIO, s.ios.get(1).error);
      s.end();
    });
  }

  @Test
  void changesThatWereNeverSentEndWhenTheConnectionIsLost() {
    bench.on(() -> {
      Session s = new Session(OFFER);
      for (int i = 0; i < 20; i++) s.submit(BlockOp.WRITE, 0, 512 * i, 512);
      assertEquals(16, s.sent().size());
      s.channel.pipeline().fireExceptionCaught(new IOException("No route to host"));
      assertEquals(16, s.session.inDoubt());
      for (int i = 16; i < 20; i++) assertEquals(IoError.ENXIO, s.ios.get(i).error);
      s.session.peerFenced();
      s.end();
    });
  }
}
