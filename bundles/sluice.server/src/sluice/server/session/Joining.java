package sluice.server.session;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.net.Peer;
import sluice.net.pki.Authority;
import sluice.net.pki.CertificateRequests;
import sluice.net.pki.PeerIdentity;
import sluice.net.pki.Subject;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.JoinHost;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.JoinUser;
import sluice.protocol.v1.Joined;
import sluice.server.ControlThread;
import sluice.server.changes.Changes;
import sluice.server.changes.ServerEvents;

/**
 * Turns a token into a certificate. The certificate leaves the server only after the catalog has taken the token and
 * knows the fingerprint; until then it is kept, so that the same joiner (same token, same key) can ask again. On the
 * control thread; keeping writes one small file there, which joining is rare enough for.
 */
final class Joining {
  private final ControlThread control;
  private final CatalogEngine engine;
  private final Changes changes;
  private final ServerEvents events;
  private final Authority authority;
  private final IssuedCertificates issued;

  Joining(ControlThread control, CatalogEngine engine, Changes changes, ServerEvents events, Authority authority,
      IssuedCertificates issued) {
    this.control = control;
    this.engine = engine;
    this.changes = changes;
    this.events = events;
    this.authority = authority;
    this.issued = issued;
  }

  CompletionStage<Joined> join(Join join, Peer peer) {
    byte[] secret = sha256(join.getSecret().toByteArray());
    Actor actor = Actor.newBuilder().setKind(Actor.Kind.TOKEN).setName(clipped(join.getTokenId()))
        .setAddress(Sessions.address(peer.remote())).build();
    try {
      IssuedCertificates.Issued certificate = certificate(join, secret);
      Change change = certificate.host() ? joinHost(join, secret, certificate) : joinUser(join, secret, certificate);
      return changes.submit(actor, "join-" + join.getTokenId() + "-" + certificate.keySha256(), change).thenApply(outcome -> {
        if (outcome.refused()) throw unknown(outcome.result().getProblem().getWhat());
        return answer(certificate);
      });
    } catch (SluiceException e) {
      events.refused(actor, "join with token " + clipped(join.getTokenId()), e.getMessage());
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The one made before, if it is the same joiner; otherwise a new one, kept before anybody is asked. */
  private IssuedCertificates.Issued certificate(Join join, byte[] secret) {
    String key = CertificateRequests.keySha256(join.getCertificateRequest().toByteArray());
    IssuedCertificates.Issued before = issued.find(join.getTokenId());
    Optional<JoinToken> token = engine.read(v -> v.token(join.getTokenId()));
    if (before != null && MessageDigest.isEqual(before.secretSha256(), secret)) {
      if (before.keySha256().equals(key)) return before;
      // Before the token is used up another key may have been tried and given up: the newest counts.
      if (token.isEmpty()) throw unknown("the token has been used with another key");
    }
    if (token.isEmpty()) throw unknown("there is no such token, or it has been used");
    JoinToken t = token.get();
    if (!MessageDigest.isEqual(t.getSecretSha256().toByteArray(), secret)) throw unknown("the secret is wrong");
    if (t.getExpiresMs() <= control.nowMs()) throw unknown("the token has expired");
    String cluster = engine.read(CatalogView::cluster).orElseThrow().getId();
    boolean host = t.getJoinsAsCase() == JoinToken.JoinsAsCase.HOST_NAME;
    if (join.getAs() == (host ? Join.As.USER : Join.As.HOST)) throw otherKind(t, host);
    // Made of the token, so that whoever asks again is the same host.
    String id = host ? UUID.nameUUIDFromBytes(("host of token " + t.getId()).getBytes(java.nio.charset.StandardCharsets.UTF_8)).toString() : t.getUserName();
    Subject subject = host ? Subject.host(cluster, id, t.getHostName()) : Subject.user(cluster, t.getUserName());
    X509Certificate made = authority.issue(join.getCertificateRequest().toByteArray(), subject);
    IssuedCertificates.Issued fresh =
        new IssuedCertificates.Issued(secret, key, host, id, host ? t.getHostName() : t.getUserName(), encoded(made), PeerIdentity.sha256(made));
    issued.put(t.getId(), fresh);
    return fresh;
  }

  private static Change joinHost(Join join, byte[] secret, IssuedCertificates.Issued c) {
    return Change.newBuilder().setJoinHost(JoinHost.newBuilder().setTokenId(join.getTokenId())
        .setSecretSha256(ByteString.copyFrom(secret)).setHostId(c.id()).setCertificateSha256(c.sha256())).build();
  }

  private static Change joinUser(Join join, byte[] secret, IssuedCertificates.Issued c) {
    return Change.newBuilder().setJoinUser(JoinUser.newBuilder().setTokenId(join.getTokenId())
        .setSecretSha256(ByteString.copyFrom(secret)).setCertificateSha256(c.sha256())).build();
  }

  private Joined answer(IssuedCertificates.Issued c) {
    Cluster cluster = engine.read(CatalogView::cluster).orElseThrow();
    return Joined.newBuilder().setCertificate(ByteString.copyFrom(c.certificate()))
        .setAuthority(ByteString.copyFrom(encoded(authority.certificate()))).setId(c.id()).setName(c.name())
        .setClusterId(cluster.getId()).setClusterName(cluster.getName()).build();
  }

  /** Outside, all of these look the same (invariant 9); the reason is for the log. */
  private static SluiceException unknown(String why) {
    return new SluiceException(ErrorCode.UNAUTHENTICATED, "the token is not accepted", why, "ask for a new token");
  }

  /** Whoever has the secret may know what it is for. */
  private static SluiceException otherKind(JoinToken token, boolean host) {
    return host ? new SluiceException(ErrorCode.INVALID_ARGUMENT, "the token does not let a user join", "it is for host " + token.getHostName(),
            "start the agent with it on that host: sluice agent --dir DIR --server HOST:PORT --token-file FILE", token.getHostName())
        : new SluiceException(ErrorCode.INVALID_ARGUMENT, "the token does not let a host join", "it is for user " + token.getUserName(),
            "join with it as that user: sluice user join --server HOST:PORT --token-file FILE", token.getUserName());
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate just made cannot be encoded", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String clipped(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64);
  }
}
