package sluice.cli;

import java.io.PrintWriter;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import sluice.cli.output.Table;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Picture;

/** Waits for what a cluster shows, for who wants to see only its newest state: whoever adds takes the older ones out. */
final class NewestPicture implements ClusterSession.Watcher {
  private final BlockingQueue<Runnable> newest = new LinkedBlockingQueue<>(2);
  private final Consumer<Picture> look;
  private final PrintWriter err;

  NewestPicture(Consumer<Picture> look, PrintWriter err) {
    this.look = look;
    this.err = err;
  }

  /** Waits for the next one, and looks at it on this thread. */
  void next() throws InterruptedException {
    newest.take().run();
  }

  @Override
  public void picture(Picture picture) {
    replace(() -> look.accept(picture));
  }

  @Override
  public void event(Event event) {
    // What it changed comes with the next picture.
  }

  @Override
  public void disconnected(String reason) {
    replace(() -> err.println(Table.printable("no server answers at the moment: " + reason)));
  }

  private void replace(Runnable what) {
    while (!newest.offer(what)) newest.poll();
  }
}
