package sluice.net;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Why a connection could not be made or broke, in words for a status line. */
final class Reasons {
  private static final int MAX_DEPTH = 16;

  private Reasons() {}

  static String of(Throwable failure) {
    Throwable t = failure;
    String found = null;
    for (int i = 0; i < MAX_DEPTH && t != null; i++, t = t.getCause()) {
      String said = ofOne(t);
      // The innermost that says something: TLS wraps what happened in failures that say less.
      if (said != null) found = said;
    }
    if (found != null) return found;
    // Not the message: it may repeat what the other side sent.
    return "the connection broke (" + failure.getClass().getSimpleName() + ")";
  }

  private static String ofOne(Throwable t) {
    String m = String.valueOf(t.getMessage());
    if (t instanceof UnknownHostException) return "the host name has no address";
    if (t instanceof ConnectTimeoutException || t instanceof SocketTimeoutException) return "no answer";
    if (t instanceof SslHandshakeTimeoutException) return "no answer to the TLS handshake";
    if (t instanceof NoRouteToHostException || m.contains("unreachable")) return "no route to the address";
    if (t instanceof ConnectException && m.contains("refused")) return "connection refused";
    if (t instanceof CertificateException) {
      return "the other side's certificate is not accepted: " + certificate(t);
    }
    if (t instanceof NotSslRecordException) return "the other side does not speak TLS";
    if (t instanceof SSLException && m.contains("fatal alert")) return "the other side refused the TLS handshake";
    if (t instanceof SocketException && m.contains("reset")) return "the connection was reset";
    if (t instanceof TooLongFrameException || t instanceof CorruptedFrameException) return m;
    if (t instanceof SocketException && m.contains("roken pipe")) return "the connection was closed";
    if (t instanceof SSLException) return "the TLS connection failed";
    return null;
  }

  private static String certificate(Throwable t) {
    // The validator's own words name classes and algorithms; the last cause is the plain one.
    Throwable last = t;
    for (int i = 0; i < MAX_DEPTH && last.getCause() != null; i++) last = last.getCause();
    String m = String.valueOf(last.getMessage());
    if (m.contains("NotAfter")) return "it has expired";
    if (m.contains("NotBefore")) return "it is not valid yet";
    if (m.contains("unable to find valid certification path")) return "another authority issued it";
    return m;
  }
}
