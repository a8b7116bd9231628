package sluice.core.catalog;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.JoinHost;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.JoinUser;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.User;

/** Becoming a host or a user by a token. Who has no good one learns nothing but that. */
final class JoinChanges {
  private JoinChanges() {}

  static void host(Transaction t, JoinHost join) {
    JoinToken token = use(t, join.getTokenId(), join.getSecretSha256(), JoinToken.JoinsAsCase.HOST_NAME);
    FieldRules.id(Kind.HOST, join.getHostId());
    newCertificate(t, join.getCertificateSha256());
    if (t.inventory.hosts.has(join.getHostId())) throw Refusal.exists(Kind.HOST, join.getHostId(), join.getHostId());
    Host sameName = t.inventory.hosts.named(token.getHostName());
    if (sameName != null) throw Refusal.exists(Kind.HOST, token.getHostName(), sameName.getId());
    if (t.inventory.hosts.size() >= CatalogLimits.HOSTS) {
      throw Refusal.conflict("There are too many hosts", "at most " + CatalogLimits.HOSTS, "remove some");
    }
    Host.Builder host = Host.newBuilder().setId(join.getHostId()).setName(token.getHostName()).setCreatedMs(t.timeMs())
        .addCertificateSha256(join.getCertificateSha256());
    if (token.hasAllowance()) host.setAllowance(token.getAllowance());
    t.put(host.build());
    t.about(join.getHostId());
    t.info("host-joined", "host " + token.getHostName() + " joined", join.getHostId());
  }

  static void user(Transaction t, JoinUser join) {
    JoinToken token = use(t, join.getTokenId(), join.getSecretSha256(), JoinToken.JoinsAsCase.USER_NAME);
    newCertificate(t, join.getCertificateSha256());
    User user = t.user(token.getUserName());
    if (user.getCertificateSha256Count() >= CatalogLimits.CERTIFICATES_PER_USER) {
      throw Refusal.conflict("User " + user.getName() + " has joined too often", "at most " + CatalogLimits.CERTIFICATES_PER_USER + " times",
          "remove the user and make it anew", user.getName());
    }
    t.put(user.toBuilder().addCertificateSha256(join.getCertificateSha256()).build());
    t.about(user.getName());
    t.info("user-joined", "user " + user.getName() + " joined", user.getName());
  }

  /** Takes the token away: it is good once. */
  private static JoinToken use(Transaction t, String id, ByteString secretSha256, JoinToken.JoinsAsCase as) {
    JoinToken token = t.inventory.tokens.get(id);
    // an unknown token's secret is compared as well, so that the time tells nothing
    byte[] expected = token == null ? new byte[TokenChanges.SECRET_HASH_BYTES] : token.getSecretSha256().toByteArray();
    boolean secretGood = MessageDigest.isEqual(expected, secretSha256.toByteArray());
    if (token == null) throw refused("there is no such token, or it has been used");
    if (!secretGood) throw refused("the secret is wrong");
    if (token.getExpiresMs() <= t.timeMs()) throw refused("the token has expired");
    if (token.getJoinsAsCase() != as) throw refused("the token is for " + TokenChanges.forWhom(token));
    t.remove(token);
    return token;
  }

  private static Refusal refused(String reason) {
    return Refusal.of(Problem.Code.UNAUTHENTICATED, "Joining was refused", reason, "")
        .hiddenAs(Problem.Code.UNAUTHENTICATED, "Joining was refused", "ask an administrator for a new token");
  }

  private static void newCertificate(Transaction t, String sha256) {
    FieldRules.fingerprint(sha256);
    if (t.inventory.userByCertificate(sha256) != null || t.inventory.hostByCertificate(sha256) != null) {
      throw Refusal.conflict("The certificate is in use already", "a certificate proves one identity", "join with a new key");
    }
  }
}
