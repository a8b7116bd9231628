package sluice.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire between a host and the server that can be cut, in both directions or in one, and mended. */
final class CutWire implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean forward = true;
  private boolean backward = true;

  CutWire(String address, int port, int targetPort) {
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    target = new InetSocketAddress(address, targetPort);
    daemon(this::accept);
  }

  private static void daemon(Runnable r) {
    Thread t = new Thread(r, "wire");
    t.setDaemon(true);
    t.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket a = listener.accept();
        sockets.add(a);
        daemon(() -> join(a));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void join(Socket a) {
    try {
      pass(true);
      Socket b = new Socket();
      sockets.add(b);
      b.connect(target, 5000);
      daemon(() -> pump(b, a, false));
      pump(a, b, true);
    } catch (IOException e) {
      drop(a);
    }
  }

  private void pump(Socket from, Socket to, boolean towardsServer) {
    byte[] buffer = new byte[65536];
    try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
      int n;
      while ((n = in.read(buffer)) >= 0) {
        pass(towardsServer);
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // either end is gone; so is the other
    }
    drop(from);
    drop(to);
  }

  /** Holds bytes back while the direction is cut, as a network does: nobody is told. */
  private synchronized void pass(boolean towardsServer) {
    while (!(towardsServer ? forward : backward)) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Silence in the direction; connections stay. */
  synchronized void silence(boolean towardsServer, boolean fromServer) {
    forward = !towardsServer;
    backward = !fromServer;
    notifyAll();
  }

  void mend() {
    silence(false, false);
  }

  /** Ends every connection, as a network device that restarts does. */
  void reset() {
    for (Socket s : sockets) drop(s);
  }

  private void drop(Socket s) {
    sockets.remove(s);
    try {
      s.setSoLinger(true, 0);
      s.close();
    } catch (IOException e) {
      // it is closed already
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    mend();
    reset();
  }
}
