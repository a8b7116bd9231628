package sluice.net;

import com.google.protobuf.ByteString;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.KeyRequest;
import sluice.net.pki.PeerIdentity;
import sluice.net.pki.PinnedTrust;
import sluice.protocol.Problems;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;

/**
 * Joins a cluster with a token: proves the server by the authority's fingerprint in it, and gets a certificate.
 *
 * <p>Blocks, on plain sockets: it happens once in a machine's life, and before there is any loop.
 */
public final class JoinClient {
  private static final Logger LOG = LoggerFactory.getLogger(JoinClient.class);
  private static final int CONNECT_MILLIS = 3_000;
  private static final int ANSWER_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 250;
  /** At once, then so often: somebody who waits should see that something goes on, and what is wrong. */
  private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private JoinClient() {}

  /**
   * Asks each address in turn, again and again, until one answers or the patience ends. If an answer was lost the same
   * request is sent again; with the same key the server gives the same answer, as long as the token is valid.
   *
   * @param as what the caller wants to be; a token for something else is refused, and stays good
   * @param key from {@link KeyRequest#in}, so that it is still the same after a crash
   * @return the checked answer: {@link KeyRequest#identity(Joined)} makes the identity of it
   * @throws SluiceException INVALID_ARGUMENT if the token is for something else, UNAUTHENTICATED if refused or the server is another cluster's, UNAVAILABLE if none answers
   */
  public static Joined join(List<HostPort> addresses, JoinTokenText token, Join.As as, KeyRequest key, Duration patience) {
    SSLContext tls = PinnedTrust.context(token.caSha256());
    long end = System.nanoTime() + patience.toNanos();
    long sayAt = System.nanoTime();
    StringBuilder reasons = new StringBuilder();
    do {
      reasons.setLength(0);
      for (HostPort address : addresses) {
        try {
          return checked(ask(tls, address, token, as, key), token, key);
        } catch (SSLHandshakeException e) {
          if (causedByCertificate(e)) throw wrongServer(address, e);
          reasons.append(reasons.isEmpty() ? "" : "; ").append(address).append(": ").append(Reasons.of(e));
        } catch (IOException e) {
          reasons.append(reasons.isEmpty() ? "" : "; ").append(address).append(": ").append(Reasons.of(e));
        } catch (SluiceException e) {
          if (e.code() != ErrorCode.UNAVAILABLE) throw e;
          reasons.append(reasons.isEmpty() ? "" : "; ").append(address).append(": ").append(e.getMessage());
        }
      }
      if (System.nanoTime() - sayAt >= 0) {
        LOG.warn("no server has answered yet, going on: {}", reasons);
        sayAt = System.nanoTime() + SAY_NANOS;
      }
    } while (pause() && System.nanoTime() - end < 0);
    throw new SluiceException(
        ErrorCode.UNAVAILABLE, "the server cannot be reached to join", reasons.toString(),
        "check that it runs, the address and the network between", addresses.toString());
  }

  private static ToClient ask(SSLContext tls, HostPort address, JoinTokenText token, Join.As as, KeyRequest key) throws IOException {
    ToServer join =
        ToServer.newBuilder()
            .setJoin(
                Join.newBuilder()
                    .setTokenId(token.tokenId())
                    .setAs(as)
                    .setSecret(ByteString.copyFrom(token.secret()))
                    .setCertificateRequest(ByteString.copyFrom(key.csr())))
            .build();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      plain.setSoTimeout(ANSWER_MILLIS);
      try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, address.host(), address.port(), true)) {
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        socket.startHandshake();
        byte[] body = join.toByteArray();
        ByteBuffer frame = ByteBuffer.allocate(Frames.HEADER_BYTES + body.length).putInt(body.length).put(body);
        socket.getOutputStream().write(frame.array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readInt();
        if (length < 0 || length > Frames.GREETING_BYTES) throw new IOException("the answer is no frame");
        return ToClient.parseFrom(in.readNBytes(length));
      }
    }
  }

  private static Joined checked(ToClient answer, JoinTokenText token, KeyRequest key) {
    if (answer.hasRefused()) throw Problems.exception(answer.getRefused().getProblem());
    if (!answer.hasJoined()) throw odd("it is a " + answer.getBodyCase());
    Joined joined = answer.getJoined();
    var identity = key.identity(joined); // fits our key, and its authority signed it
    if (!PeerIdentity.sha256(identity.authority()).equals(token.caSha256())) {
      throw odd("its authority is not the token's");
    }
    PeerIdentity self = identity.self();
    if (!self.id().equals(joined.getId()) || !self.clusterId().equals(joined.getClusterId())) {
      throw odd("its certificate is for somebody else");
    }
    return joined;
  }

  private static boolean causedByCertificate(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) if (t instanceof CertificateException) return true;
    return false;
  }

  private static SluiceException wrongServer(HostPort address, IOException cause) {
    return new SluiceException(
        cause, ErrorCode.UNAUTHENTICATED, address + " is not the server that the token is for", Reasons.of(cause),
        "check the address, and that the token is of this cluster", List.of(address.toString()));
  }

  private static SluiceException odd(String why) {
    return new SluiceException(
        ErrorCode.INTERNAL, "the server's answer to the join is not usable", why, "update the older of the two programs");
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
