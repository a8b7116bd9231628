package sluice.testkit.net;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.testkit.world.SimLoop;
import sluice.testkit.world.World;

/**
 * A connection of the server route, with the ends that {@code NbdClient} describes: an answer is final; when the server has
 * closed, everything ends; when the connection is lost without its word, changes stay in doubt until it is fenced.
 */
public final class RouteLink {
  private static final long RESET_LEAST = 5_000_000;
  private static final long RESET_MOST = 50_000_000;

  /** The server's side. */
  public interface Service {
    void carry(BlockRequest request);
  }

  private final World world;
  private final Path path;
  private final SimLoop host;
  private final Set<Sent> sent = new LinkedHashSet<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private Service service;
  private SimLoop server;
  private Consumer<String> whenLost = reason -> {};
  private String lost;
  private boolean closing;
  private int serving;
  private final List<Runnable> whenServed = new ArrayList<>();
  private boolean shut;

  public RouteLink(World world, Path path, SimLoop host) {
    this.world = world;
    this.path = path;
    this.host = host;
  }

  private static final class Sent {
    final BlockRequest request;
    final StatusSink status;
    final byte[] data;
    boolean over;

    Sent(BlockRequest r, StatusSink status) {
      request = r;
      this.status = status;
      data = r != null && r.op.hasPayload() ? new byte[(int) r.length] : null;
      if (r != null && r.op == BlockOp.WRITE) r.buffer.bytes().get(r.bufferIndex, data);
    }

    boolean changes() {
      return request != null && request.op.changesData();
    }
  }

  // ---- the host's side, on its loop

  public void submit(BlockRequest request) {
    if (lost != null || closing) request.completed(closing ? IoError.ESHUTDOWN : IoError.ENXIO);
    else send(new Sent(request, null));
  }

  public void status(long offset, long length, StatusSink sink) {
    if (lost != null || closing) sink.completed(IoError.ENXIO);
    else send(new Sent(null, sink));
  }

  private void send(Sent s) {
    sent.add(s);
    BlockRequest r = s.request;
    Serving serving = r == null ? null : new Serving(s, r.op, r.flags, r.offset, r.length);
    world.after(path.delay(), () -> path.pass(Path.THERE, () -> arrived(s, serving)));
  }

  public void abandonReads() {
    for (Sent s : List.copyOf(sent)) if (!s.changes()) end(s, IoError.ETIMEDOUT);
  }

  public void peerFenced() {
    lose("fenced");
    for (Sent s : List.copyOf(sent)) end(s, IoError.ENXIO);
  }

  public void onDisconnect(Consumer<String> listener) {
    whenLost = listener;
    if (lost != null) listener.accept(lost);
  }

  public CompletionStage<Void> close() {
    closing = true;
    if (sent.isEmpty()) closed.complete(null);
    world.after(path.delay(), () -> path.pass(Path.THERE, this::shut));
    return closed.minimalCompletionStage();
  }

  private void end(Sent s, int error) {
    if (s.over) return;
    s.over = true;
    sent.remove(s);
    if (s.status != null) {
      if (error == IoError.OK) s.status.range(4096, StatusSink.DATA);
      s.status.completed(error);
    } else {
      if (error == IoError.OK && s.request.op == BlockOp.READ) s.request.buffer.bytes().put(s.request.bufferIndex, s.data);
      s.request.completed(error);
    }
    if (closing && sent.isEmpty()) closed.complete(null);
  }

  private void lose(String reason) {
    if (lost != null) return;
    lost = reason;
    whenLost.accept(reason);
  }

  /** The connection is lost without the server's word, as by a middlebox. */
  public void broken() {
    host.execute(() -> {
      if (lost != null) return;
      List<Sent> under = List.copyOf(sent);
      lose("the connection timed out");
      for (Sent s : under) if (!s.changes()) end(s, IoError.ENXIO);
    });
  }

  private void peerClosed() {
    List<Sent> under = List.copyOf(sent);
    if (lost == null) lose("the server has closed the connection");
    for (Sent s : under) end(s, IoError.ENXIO);
  }

  // ---- the server's side, on its loop

  /** The server has let it in. */
  public void opened(SimLoop by, Service to) {
    server = by;
    service = to;
  }

  private void arrived(Sent s, Serving request) {
    if (server == null || server.dead() || shut && request == null) return;
    server.execute(() -> {
      if (request == null) answer(() -> end(s, IoError.OK));
      else if (shut) answer(() -> end(s, IoError.ENXIO));
      else request.serve();
    });
  }

  private void answer(Runnable end) {
    world.after(path.delay(), () -> path.pass(Path.BACK, () -> host.execute(end)));
  }

  /** Neither side has anything of it any more. */
  public boolean isOver() {
    return lost != null && sent.isEmpty() && (server == null || served());
  }

  /** Whether nothing of it is under way at the server, which may be dead. */
  public boolean served() {
    return serving == 0 || server.dead();
  }

  /** Nothing more is carried; what is under way is. */
  public void shut() {
    shut = true;
  }

  /** Shut before: told when nothing of it is under way at the server any more, and its connection closed. */
  public void drained(Runnable then) {
    Runnable close = () -> {
      world.after(path.delay(), () -> path.pass(Path.BACK, () -> host.execute(this::peerClosed)));
      then.run();
    };
    if (serving == 0) close.run();
    else whenServed.add(close);
  }

  /** The server's process has died: its machine says so to whoever is connected. */
  public void serverDied() {
    world.after(world.chance().between(RESET_LEAST, RESET_MOST), () -> path.pass(Path.BACK, () -> host.execute(this::peerClosed)));
  }

  /** What came out of a request at the server. */
  private final class Serving extends BlockRequest {
    private final Sent of;

    Serving(Sent of, BlockOp op, int flags, long offset, long length) {
      this.of = of;
      set(op, flags, offset, length);
    }

    void serve() {
      serving++;
      if (op.hasPayload()) {
        buffer = server.buffers().take((int) length);
        bufferIndex = IoBuffer.HEADROOM;
        if (op == BlockOp.WRITE) buffer.bytes().put(bufferIndex, of.data);
      }
      service.carry(this);
    }

    @Override
    public void completed(int error) {
      byte[] read = null;
      if (op == BlockOp.READ && error == IoError.OK) {
        read = new byte[(int) length];
        buffer.bytes().get(bufferIndex, read);
      }
      if (buffer != null) buffer.release();
      byte[] data = read;
      answer(() -> {
        if (data != null && !of.over) System.arraycopy(data, 0, of.data, 0, data.length);
        RouteLink.this.end(of, error);
      });
      if (--serving > 0) return;
      List<Runnable> waiting = List.copyOf(whenServed);
      whenServed.clear();
      waiting.forEach(Runnable::run);
    }
  }
}
