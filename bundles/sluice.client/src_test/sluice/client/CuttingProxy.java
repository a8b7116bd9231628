package sluice.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sluice.net.HostPort;

/** A network between client and server that a test can cut, restore, and make swallow what goes one way. */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile boolean swallowUp;
  private volatile boolean swallowDown;

  CuttingProxy(String host, InetSocketAddress server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 50, InetAddress.getByName(host));
    daemon(this::accept);
  }

  HostPort address() {
    return new HostPort(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
  }

  /** Ends what is open, and whatever is opened from now on. */
  void cut() {
    cut = true;
    open.forEach(CuttingProxy::quietly);
  }

  /** Takes bytes from clients and drops them, as a network that is broken one way. */
  void swallowToServer() {
    swallowUp = true;
  }

  void swallowToClient() {
    swallowDown = true;
  }

  /** All is well for connections that are opened from now on; those in which bytes were lost are ended. */
  void restore() {
    if (swallowUp || swallowDown) open.forEach(CuttingProxy::quietly);
    swallowUp = false;
    swallowDown = false;
    cut = false;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        if (cut) {
          quietly(client);
          continue;
        }
        Socket onward = new Socket();
        open.add(onward);
        onward.connect(server);
        if (cut) quietly(onward);
        daemon(() -> pump(client, onward, true));
        daemon(() -> pump(onward, client, false));
      } catch (IOException e) {
        // The server is away, or the proxy is closing: the client sees its connection end.
        open.removeIf(s -> s.isClosed() || !s.isConnected());
      }
    }
  }

  private void pump(Socket from, Socket to, boolean up) {
    byte[] some = new byte[16 * 1024];
    try (from; to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        if (up ? swallowUp : swallowDown) continue;
        out.write(some, 0, n);
      }
    } catch (IOException e) {
      // One side is gone; closing the other tells it.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed already.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
