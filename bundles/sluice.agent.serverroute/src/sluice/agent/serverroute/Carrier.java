package sluice.agent.serverroute;

import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * The requests of a server route, and the line they go over. A request that a lost line leaves unanswered goes again over the
 * next one: by then its first sending can have no effect any more, since either the peer has said so by closing, or the
 * server has drained the line before it admitted the next (invariant 8).
 */
final class Carrier {
  /** Requests that wait for a line. */
  static final int MAX_QUEUE = 4096;

  /** What the route learns. */
  interface Owner {
    /** The line that was in use is lost. */
    void lineLost(Line line, String reason);

    /** The last request has ended. */
    void idle();
  }

  /** A link and what is known of it. */
  final class Line implements StatusSink {
    final ServerLink link;
    final String address;
    private boolean lost;
    private boolean givenUp;
    private int outstanding;
    private boolean asked;
    private long quietSince = loop.nanoTime();

    Line(ServerLink link, String address) {
      this.link = link;
      this.address = address;
    }

    /** How long nothing has been heard though something is to be answered; 0 if nothing is. */
    long silentNanos() {
      return outstanding == 0 && !asked ? 0 : loop.nanoTime() - quietSince;
    }

    /** Asks for something small, at most once at a time. */
    void ask() {
      if (asked || lost) return;
      if (outstanding == 0) quietSince = loop.nanoTime();
      asked = true;
      link.status(0, ASK_BYTES, this);
    }

    @Override
    public void range(long length, int flags) {
      heard();
    }

    @Override
    public void completed(int error) {
      asked = false;
      heard();
    }

    private void heard() {
      if (!lost) quietSince = loop.nanoTime();
    }
  }

  private static final int ASK_BYTES = 4096;

  private final IoLoop loop;
  private final Owner owner;
  private Line line;
  private Carried firstQueued;
  private Carried lastQueued;
  private int queued;
  private int carried;
  private Carried free;
  /** Whether requests may wait for a line; otherwise they end with ENXIO. */
  private boolean patient;

  Carrier(IoLoop loop, Owner owner) {
    this.loop = loop;
    this.owner = owner;
  }

  /** The line in use; null while there is none. */
  Line line() {
    return line;
  }

  boolean isIdle() {
    return carried == 0;
  }

  void submit(BlockRequest request) {
    if (line == null && (!patient || queued >= MAX_QUEUE)) {
      request.completed(patient ? IoError.ENOMEM : IoError.ENXIO);
      return;
    }
    Carried c = free;
    if (c == null) c = new Carried(this);
    else free = c.next;
    c.next = null;
    c.begin(request);
    carried++;
    sendOrQueue(c);
  }

  private void sendOrQueue(Carried c) {
    if (line == null) {
      queued++;
      if (lastQueued == null) firstQueued = c;
      else lastQueued.next = c;
      lastQueued = c;
    } else {
      if (line.outstanding++ == 0 && !line.asked) line.quietSince = loop.nanoTime();
      c.line = line;
      line.link.submit(c);
    }
  }

  void ended(Carried c, int error) {
    Line by = c.line;
    c.line = null;
    by.outstanding--;
    boolean unanswered = (by.lost || by.givenUp) && (error == IoError.ENXIO || error == IoError.ETIMEDOUT);
    if (!unanswered) {
      by.heard();
      finish(c, error);
    } else if (patient) {
      sendOrQueue(c);
    } else {
      finish(c, IoError.ENXIO);
    }
  }

  private void finish(Carried c, int error) {
    BlockRequest parent = c.parent;
    c.parent = null;
    c.buffer = null;
    c.next = free;
    free = c;
    carried--;
    parent.completed(error);
    if (carried == 0) owner.idle();
  }

  /** A new line is admitted: the server has drained those before it. */
  void use(ServerLink link, String address) {
    Line fresh = new Line(link, address);
    Line old = line;
    line = fresh;
    patient = true;
    link.onDisconnect(reason -> lost(fresh, reason));
    if (old != null) old.lost = true;
    Carried waiting = firstQueued;
    firstQueued = null;
    lastQueued = null;
    queued = 0;
    while (waiting != null) {
      Carried c = waiting;
      waiting = c.next;
      c.next = null;
      sendOrQueue(c);
    }
  }

  private void lost(Line which, String reason) {
    if (which.lost) return;
    which.lost = true;
    if (which != line) return;
    line = null;
    owner.lineLost(which, reason);
  }

  /** Requests wait from now on for a line, or not: then those that wait end with ENXIO, and reads under way soon do. */
  void patient(boolean value) {
    patient = value;
    if (value) return;
    if (line != null) {
      line.givenUp = true;
      line.link.abandonReads();
      line.givenUp = false;
    }
    while (firstQueued != null) {
      Carried c = firstQueued;
      firstQueued = c.next;
      if (firstQueued == null) lastQueued = null;
      c.next = null;
      queued--;
      finish(c, IoError.ENXIO);
    }
  }
}
