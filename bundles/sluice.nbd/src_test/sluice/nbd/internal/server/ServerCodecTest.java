package sluice.nbd.internal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.io.MemoryBudget;
import sluice.nbd.Bench;
import sluice.nbd.Export;
import sluice.nbd.ExportDirectory;
import sluice.nbd.ExportResult;
import sluice.nbd.MemoryDevice;
import sluice.nbd.Peer;
import sluice.nbd.ServerOptions;
import sluice.nbd.internal.Nbd;

/** The whole of a session's bytes, cut, changed and made up. */
class ServerCodecTest {
  private static final int SIZE = 64 << 10;

  private final Bench bench = new Bench();
  private MemoryBudget budget = new MemoryBudget(bench, 256 << 20);
  private int opened;
  private int closed;

  @AfterEach
  void close() {
    bench.close();
  }

  /** One connection. */
  private final class Session implements ExportDirectory {
    final MemoryDevice device = new MemoryDevice(bench, SIZE);
    final EmbeddedChannel channel = new EmbeddedChannel();

    Session(int maxRequests, long maxPayload) {
      this(maxRequests, maxPayload, ServerOptions.plain());
    }

    Session(int maxRequests, long maxPayload, ServerOptions options) {
      ServerConnection connection = new ServerConnection(bench, channel, () -> { });
      Negotiation negotiation = new Negotiation(connection, options, this, new StrangerLog(bench, () -> "here"), (name, export, structured, contexts) -> {
        Transmission t = new Transmission(connection, bench, export, structured, contexts, maxRequests, budget, maxPayload);
        connection.opened(name, export, t);
        return t;
      });
      channel.pipeline().addLast(negotiation);
      channel.pipeline().fireChannelActive();
    }

    Session() {
      this(256, 64 << 20);
    }

    @Override
    public void lookup(String name, Peer peer, Consumer<ExportResult> answer) {
      answer.accept(name.equals("x") ? ExportResult.granted(Export.of(device).withCallbacks(() -> opened++, () -> closed++))
          : ExportResult.refused("unknown"));
    }

    @Override
    public void list(Peer peer, Consumer<List<Listed>> answer) {
      answer.accept(List.of(new Listed("x", "")));
    }

    byte[] feed(byte[] bytes, int... cuts) throws Exception {
      int from = 0;
      for (int cut : cuts) {
        bench.receive(channel, bytes, from, cut);
        from = cut;
      }
      bench.receive(channel, bytes, from, bytes.length);
      return Bench.sent(channel);
    }

    /** The peer goes away. */
    void leave() throws Exception {
      channel.close();
      bench.endBatch();
      device.letGo();
      bench.endBatch();
      Bench.sent(channel);
      bench.endBatch();
    }

    /** The peer goes away; nothing may be left behind. */
    void end() throws Exception {
      leave();
      assertEquals(0, bench.buffersOut(), "buffers that were not given back");
      assertEquals(opened, closed);
    }
  }

  static ByteBuffer option(ByteBuffer out, int type, byte[] data) {
    return out.putLong(Nbd.OPTION_MAGIC).putInt(type).putInt(data.length).put(data);
  }

  static ByteBuffer request(ByteBuffer out, int flags, int type, long cookie, long offset, int length) {
    return out.putInt(Nbd.REQUEST_MAGIC).putShort((short) flags).putShort((short) type).putLong(cookie).putLong(offset).putInt(length);
  }

  private static byte[] bytes(ByteBuffer b) {
    return Arrays.copyOf(b.array(), b.position());
  }

  private static byte[] handshake() {
    ByteBuffer out = ByteBuffer.allocate(1024).putInt(3);
    option(out, Nbd.OPT_LIST, new byte[0]);
    option(out, Nbd.OPT_STRUCTURED_REPLY, new byte[0]);
    byte[] context = Nbd.BASE_ALLOCATION.getBytes(StandardCharsets.UTF_8);
    option(out, Nbd.OPT_SET_META_CONTEXT,
        ByteBuffer.allocate(13 + context.length).putInt(1).put((byte) 'x').putInt(1).putInt(context.length).put(context).array());
    option(out, 11, new byte[0]);
    option(out, Nbd.OPT_GO, ByteBuffer.allocate(9).putInt(1).put((byte) 'x').putShort((short) 1).putShort((short) 3).array());
    return bytes(out);
  }

  private static byte[] session() {
    ByteBuffer out = ByteBuffer.allocate(4096).put(handshake());
    byte[] payload = new byte[600];
    new Random(1).nextBytes(payload);
    request(out, Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE, 1, 100, payload.length).put(payload);
    request(out, 0, Nbd.CMD_READ, 2, 0, 800);
    request(out, 0, Nbd.CMD_WRITE, 3, SIZE - 4, 8).putLong(0);
    request(out, 0, Nbd.CMD_BLOCK_STATUS, 4, 0, 8192);
    request(out, 0, Nbd.CMD_WRITE_ZEROES, 5, 0, 64);
    request(out, 0, Nbd.CMD_TRIM, 6, 4096, 4096);
    request(out, 0, Nbd.CMD_FLUSH, 7, 0, 0);
    request(out, 0, 99, 8, 0, 0);
    request(out, 0, Nbd.CMD_READ, 9, 0, 16);
    request(out, 0, Nbd.CMD_DISC, 0, 0, 0);
    return bytes(out);
  }

  /** What was said while haggling, then the replies by their cookies: replies may come in any order. */
  private static String inOrder(byte[] sent) {
    ByteBuffer in = ByteBuffer.wrap(sent);
    int start = 18;
    while (in.getLong(start) == Nbd.OPTION_REPLY_MAGIC) start += Nbd.OPTION_REPLY_HEADER + in.getInt(start + 16);
    TreeMap<Long, String> replies = new TreeMap<>();
    for (int at = start; at < sent.length; ) {
      boolean simple = in.getInt(at) == Nbd.SIMPLE_REPLY_MAGIC;
      int length = simple ? Nbd.SIMPLE_REPLY_HEADER : Nbd.STRUCTURED_REPLY_HEADER + in.getInt(at + 16);
      replies.merge(in.getLong(at + 8), Arrays.toString(Arrays.copyOfRange(sent, at, at + length)), String::concat);
      at += length;
    }
    return Arrays.toString(Arrays.copyOf(sent, start)) + "\n" + String.join("\n", replies.values());
  }

  @Test
  void theAnswerIsTheSameWhereverTheStreamIsCut() {
    bench.on(() -> {
      byte[] session = session();
      Session whole = new Session();
      byte[] sent = whole.feed(session);
      String expected = inOrder(sent);
      whole.end();
      assertEquals(9 + 1, expected.lines().count(), "it is a whole session");
      for (int cut = 1; cut < session.length; cut++) {
        Session s = new Session();
        assertEquals(expected, inOrder(s.feed(session, cut)), "cut at " + cut);
        s.end();
      }
      int[] everywhere = IntStream.range(1, session.length).toArray();
      Session s = new Session();
      assertEquals(expected, inOrder(s.feed(session, everywhere)));
      s.end();
      assertEquals(opened, session.length + 1);
    });
  }

  @Test
  void aSessionThatEndsAnywhereLeavesNothingBehind() {
    bench.on(() -> {
      byte[] session = session();
      for (int end = 0; end < session.length; end++) {
        Session s = new Session();
        s.device.holding = end % 2 == 0;
        s.feed(Arrays.copyOf(session, end));
        s.end();
      }
    });
  }

  @Test
  void anyBitMayBeWrong() {
    bench.on(() -> {
      byte[] session = session();
      for (int bit = 0; bit < session.length * 8; bit++) {
        byte[] changed = session.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        Session s = new Session();
        s.feed(changed);
        s.end();
      }
    });
  }

  @Test
  void randomBytesNeitherBreakNorFillIt() {
    bench.on(() -> {
      Random random = new Random(4);
      for (int round = 0; round < 2000; round++) {
        ByteBuffer out = ByteBuffer.allocate(16 << 10);
        if (random.nextBoolean()) {
          out.put(handshake());
          for (int i = random.nextInt(20); i > 0; i--) {
            request(out, random.nextInt(4) == 0 ? random.nextInt() : 0, random.nextInt(9), random.nextLong(),
                random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(SIZE), random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(2048));
          }
        } else {
          out.putInt(3);
          for (int i = random.nextInt(20); i > 0; i--) {
            byte[] data = new byte[random.nextInt(40)];
            random.nextBytes(data);
            if (random.nextBoolean() && data.length > 4) data[0] = data[1] = data[2] = 0;
            option(out, random.nextInt(13), data);
          }
        }
        byte[] tail = new byte[random.nextInt(512)];
        random.nextBytes(tail);
        out.put(tail);
        Session s = new Session();
        s.feed(bytes(out));
        assertTrue(bench.buffersOut() <= 1, "only the write that is being received may have a buffer");
        s.end();
      }
    });
  }

  @Test
  void readingStopsAtTheBoundOfRequestsAndGoesOnBelowIt() {
    bench.on(() -> {
      Session s = new Session(4, 64 << 20);
      s.feed(handshake());
      s.device.holding = true;
      ByteBuffer out = ByteBuffer.allocate(1024);
      for (int i = 0; i < 10; i++) request(out, 0, Nbd.CMD_READ, i, 0, 512);
      byte[] none = s.feed(bytes(out));
      assertEquals(0, none.length);
      assertEquals(4, s.device.held.size());
      assertEquals(4, bench.buffersOut());
      assertFalse(s.channel.config().isAutoRead());
      s.device.letGo();
      bench.endBatch();
      assertEquals(10 * (Nbd.STRUCTURED_REPLY_HEADER + 8 + 512), Bench.sent(s.channel).length);
      assertTrue(s.channel.config().isAutoRead());
      s.end();
    });
  }

  @Test
  void readingStopsAtTheBoundOfPayload() {
    bench.on(() -> {
      Session s = new Session(100, 30_000);
      s.feed(handshake());
      s.device.holding = true;
      ByteBuffer out = ByteBuffer.allocate(1024);
      for (int i = 0; i < 10; i++) request(out, 0, Nbd.CMD_READ, i, 0, 4096);
      s.feed(bytes(out));
      assertEquals(3, s.device.held.size(), "12 KiB each with what surrounds them, and one may go over the bound");
      s.device.letGo();
      int sent = 0;
      for (byte[] some = fetched(s); some.length > 0; some = fetched(s)) sent += some.length;
      assertEquals(10 * (Nbd.STRUCTURED_REPLY_HEADER + 8 + 4096), sent);
      s.end();
    });
  }

  private byte[] fetched(Session s) throws Exception {
    bench.endBatch();
    return Bench.sent(s.channel);
  }

  @Test
  void answersThatAreNotFetchedCountUntilTheyAre() {
    bench.on(() -> {
      Session s = new Session(100, 30_000);
      s.feed(handshake());
      ByteBuffer out = ByteBuffer.allocate(1024);
      for (int i = 0; i < 10; i++) request(out, 0, Nbd.CMD_READ, i, 0, 4096);
      bench.receive(s.channel, bytes(out), 0, out.position());
      assertEquals(3, bench.buffersOut(), "the device is quick, the client is not");
      assertFalse(s.channel.config().isAutoRead());
      int sent = 0;
      for (byte[] some = fetched(s); some.length > 0; some = fetched(s)) sent += some.length;
      assertEquals(10 * (Nbd.STRUCTURED_REPLY_HEADER + 8 + 4096), sent);
      assertTrue(s.channel.config().isAutoRead());
      s.end();
    });
  }

  @Test
  void aRequestThatFindsNoMemoryWaitsWhereverItsHeaderWasCut() {
    bench.on(() -> {
      budget = new MemoryBudget(bench, 64 << 10);
      byte[] header = bytes(request(ByteBuffer.allocate(64), 0, Nbd.CMD_READ, 2, 0, 32768));
      byte[] write = bytes(request(ByteBuffer.allocate(33000), 0, Nbd.CMD_WRITE, 3, 0, 32768).put(new byte[32768]));
      for (byte[] next : new byte[][] {header, write}) {
        for (int cut = 0; cut <= Nbd.REQUEST_HEADER; cut++) {
          Session greedy = new Session();
          greedy.feed(handshake());
          greedy.device.holding = true;
          greedy.feed(bytes(request(ByteBuffer.allocate(64), 0, Nbd.CMD_READ, 1, 0, 32768)));
          Session s = new Session();
          s.feed(handshake());
          assertEquals(0, s.feed(next, cut).length, "cut at " + cut);
          assertEquals(1, budget.waitingConnections(), "cut at " + cut);
          assertEquals(1, bench.buffersOut());
          greedy.device.letGo();
          bench.endBatch();
          Bench.sent(greedy.channel);
          bench.endBatch();
          assertTrue(Bench.sent(s.channel).length > 0, "cut at " + cut);
          assertEquals(0, budget.waitingConnections());
          greedy.leave();
          s.end();
        }
      }
      assertEquals(0, budget.refusals());
    });
  }

  @Test
  void whoWaitsForMemoryGoesOnWhenAReaderOrAWriterThatHeldItGoesAway() {
    bench.on(() -> {
      budget = new MemoryBudget(bench, 64 << 10);
      byte[] read = bytes(request(ByteBuffer.allocate(64), 0, Nbd.CMD_READ, 1, 0, 32768));
      byte[] write = bytes(request(ByteBuffer.allocate(64), 0, Nbd.CMD_WRITE, 1, 0, 32768).put(new byte[9]));
      for (byte[] held : new byte[][] {read, write}) {
        Session greedy = new Session();
        greedy.feed(handshake());
        bench.receive(greedy.channel, held, 0, held.length);
        assertEquals(1, bench.buffersOut());
        Session s = new Session();
        s.feed(handshake());
        s.feed(read);
        assertEquals(1, budget.waitingConnections());
        greedy.leave();
        assertEquals(0, budget.waitingConnections());
        assertTrue(fetched(s).length > 32768);
        s.end();
      }
    });
  }

  @Test
  void aRefusedWriteIsAnsweredAfterItsPayload() {
    bench.on(() -> {
      Session s = new Session();
      s.feed(handshake());
      byte[] write = bytes(request(ByteBuffer.allocate(600), 0, Nbd.CMD_WRITE, 1, SIZE, 512));
      assertEquals(0, s.feed(write).length);
      assertEquals(0, s.feed(new byte[511]).length);
      assertTrue(s.feed(new byte[1]).length > 0);
      s.end();
    });
  }

  @Test
  void moreOptionsThanAnyoneNeedsEndTheConnection() {
    bench.on(() -> {
      Session s = new Session();
      ByteBuffer out = ByteBuffer.allocate(16 << 10).putInt(3);
      for (int i = 0; i <= Negotiation.MAX_OPTIONS; i++) option(out, Nbd.OPT_LIST, new byte[0]);
      s.feed(bytes(out));
      assertFalse(s.channel.isOpen());
      s.end();
    });
  }

  @Test
  void anOptionThatIsTooLongIsRefusedAndTheNextIsAnswered() {
    bench.on(() -> {
      Session s = new Session();
      ByteBuffer out = ByteBuffer.allocate(300 << 10).putInt(3);
      option(out, Nbd.OPT_INFO, new byte[Negotiation.MAX_OPTION + 1]);
      byte[] long1 = bytes(out);
      s.feed(long1);
      byte[] list = s.feed(bytes(option(ByteBuffer.allocate(64), Nbd.OPT_LIST, new byte[0])));
      assertEquals(Nbd.REP_SERVER, ByteBuffer.wrap(list).getInt(12));
      s.feed(bytes(ByteBuffer.allocate(16).putLong(Nbd.OPTION_MAGIC).putInt(Nbd.OPT_INFO).putInt(-1)));
      assertFalse(s.channel.isOpen());
      s.end();
    });
  }

  @Test
  void whatComesInTheClearBehindStarttlsIsNotTakenForThePeers() {
    bench.on(() -> {
      Session s = new Session(1, 1, ServerOptions.tls(() -> {
        throw new AssertionError("TLS must not begin");
      }));
      ByteBuffer out = ByteBuffer.allocate(64).putInt(3);
      option(option(out, Nbd.OPT_STARTTLS, new byte[0]), Nbd.OPT_LIST, new byte[0]);
      assertEquals(18, s.feed(bytes(out)).length, "the greeting and nothing else");
      assertFalse(s.channel.isOpen());
      s.end();
    });
  }

  @Test
  void aRefusalDoesNotTellTheDirectorysReason() {
    bench.on(() -> {
      Session s = new Session();
      s.feed(bytes(ByteBuffer.allocate(4).putInt(3)));
      byte[] go = ByteBuffer.allocate(7).putInt(1).put((byte) 'y').putShort((short) 0).array();
      byte[] answer = s.feed(bytes(option(ByteBuffer.allocate(64), Nbd.OPT_GO, go)));
      assertEquals(Nbd.REP_ERR_UNKNOWN, ByteBuffer.wrap(answer).getInt(12));
      assertFalse(new String(answer, StandardCharsets.UTF_8).contains("unknown"), "what the directory said is for the log");
      s.end();
    });
  }
}
