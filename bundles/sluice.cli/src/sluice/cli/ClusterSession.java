package sluice.cli;

import java.util.function.Consumer;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.Reply;

/** A connection to a cluster's server, for the main thread: each method waits for its answer. */
public interface ClusterSession extends AutoCloseable {
  /** Everything that this identity may see, at one moment. */
  Picture picture();

  /**
   * Asks, and waits for the last reply. Changes carry an id of their own, so that a lost connection does not make
   * them happen twice.
   *
   * @throws sluice.api.SluiceException for a Problem, and if no server answers
   */
  Reply call(Call.Builder call, Consumer<Progress> progress);

  /** Tells the watcher of the picture now and after each change, on another thread, until closed. */
  void watch(Watcher watcher);

  @Override
  void close();

  /** Sees a cluster as it changes. */
  interface Watcher {
    /** A new state; it is whole. */
    void picture(Picture picture);

    /** Something that happened. */
    void event(Event event);

    /** No server answers at the moment; what was shown last grows old. */
    void disconnected(String reason);
  }
}
