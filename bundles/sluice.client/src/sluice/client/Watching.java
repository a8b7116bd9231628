package sluice.client;

import java.time.Duration;
import sluice.api.SluiceException;
import sluice.net.ControlLink;
import sluice.net.LinkSet;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Watch;

/** A watch that goes on over lost connections until it is closed. State on the client's loop. */
public final class Watching implements AutoCloseable {
  // How long a server may take for its first picture, or its next part: then it is asked anew, over whichever link is best by then.
  private static final long PICTURE_MILLIS = 10_000;

  private final LinkSet links;
  private final DeltaListener listener;
  private final PictureParts parts = new PictureParts();
  private final Runnable whenClosed;
  private ControlLink link;
  private long id;
  private long heard; // parts of pictures
  private long number;
  private boolean closed;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean fresh;

  Watching(LinkSet links, DeltaListener listener, Runnable whenClosed) {
    this.links = links;
    this.listener = listener;
    this.whenClosed = whenClosed;
  }

  /** Is the server heard, and the last picture the present one? Any thread. */
  public boolean connected() {
    return fresh;
  }

  /** Since the server last confirmed that the picture is the present one. Any thread. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - heardNanos);
  }

  /** Nothing more is told after the loop has seen it. Any thread. */
  @Override
  public void close() {
    links.onLoop(this::end);
  }

  // ---- on the loop

  void start() {
    if (closed || link != null) return;
    links.best().ifPresent(this::ask);
  }

  void down(ControlLink lost, String reason) {
    if (lost != link) return;
    link = null;
    if (fresh) {
      fresh = false;
      listener.disconnected(reason);
    }
    start();
  }

  void alive(ControlLink over) {
    if (over == link && fresh) heardNanos = System.nanoTime();
  }

  /** True if the reply was the watch's. */
  boolean reply(ControlLink over, long answered, Reply reply) {
    if (over != link || answered != id || closed) return false;
    if (reply.hasPicture()) {
      heard++;
      parts.add(reply.getPicture()).ifPresent(this::begin);
    } else if (reply.hasProblem()) {
      SluiceException problem = Problems.exception(reply.getProblem());
      end();
      listener.refused(problem);
    }
    return true;
  }

  private void begin(Picture picture) {
    number = picture.getNumber();
    heardNanos = System.nanoTime();
    fresh = true;
    listener.picture(picture);
  }

  void delta(ControlLink over, long answered, PictureDelta delta) {
    if (over != link || !fresh || closed || (answered != 0 && answered != id)) return;
    heardNanos = System.nanoTime();
    if (delta.getNumber() <= number) return;
    if (delta.getNumber() != number + 1) {
      fresh = false;
      listener.disconnected("a change was missed");
      ask(link);
      return;
    }
    number = delta.getNumber();
    listener.changed(delta);
  }

  private void ask(ControlLink over) {
    link = over;
    id = over.call(Call.newBuilder().setRequestId(RequestIds.next()).setWatch(Watch.newBuilder().setInParts(true)).build());
    if (id == 0) {
      link = null; // it went down in this moment; the next that comes up is asked
      return;
    }
    overdue(over, id, heard);
  }

  /** Asks anew if no part has come for too long. */
  private void overdue(ControlLink over, long asked, long heardBefore) {
    links.after(PICTURE_MILLIS, () -> {
      if (closed || fresh || link != over || id != asked) return;
      if (heard != heardBefore) {
        overdue(over, asked, heard);
        return;
      }
      link = null;
      start();
    });
  }

  private void end() {
    closed = true;
    fresh = false;
    whenClosed.run();
  }
}
