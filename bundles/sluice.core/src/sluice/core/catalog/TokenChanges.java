package sluice.core.catalog;

import java.util.ArrayList;
import sluice.protocol.v1.Allowance;
import sluice.protocol.v1.CreateToken;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.RevokeToken;

/** One-time permissions to join. */
final class TokenChanges {
  static final int SECRET_HASH_BYTES = 32;

  private TokenChanges() {}

  static void create(Transaction t, CreateToken create) {
    JoinToken token = create.getToken();
    dropExpired(t);
    FieldRules.id(Kind.TOKEN, token.getId());
    if (t.inventory.tokens.has(token.getId())) throw Refusal.exists(Kind.TOKEN, token.getId(), token.getId());
    if (token.getSecretSha256().size() != SECRET_HASH_BYTES) {
      throw Refusal.invalid("The token has no hash of its secret", "it is a SHA-256", "leave the making of tokens to the server");
    }
    if (token.getExpiresMs() <= t.timeMs()) {
      throw Refusal.invalid("The token would have expired already", "", "let it be good for some time");
    }
    if (t.inventory.tokens.size() >= CatalogLimits.TOKENS) {
      throw Refusal.conflict("Too many tokens wait to be used", "at most " + CatalogLimits.TOKENS, "revoke some, or wait until they expire");
    }
    switch (token.getJoinsAsCase()) {
      case HOST_NAME -> {
        FieldRules.name(Kind.HOST, token.getHostName());
        if (t.inventory.hosts.named(token.getHostName()) != null) {
          throw Refusal.exists(Kind.HOST, token.getHostName(), t.inventory.hosts.named(token.getHostName()).getId());
        }
      }
      case USER_NAME -> {
        t.user(token.getUserName());
        if (token.hasAllowance()) throw Refusal.invalid("A user has no allowance", "only hosts make volumes for themselves", "leave it out");
      }
      default -> throw Refusal.invalid("The token is for nobody", "it lets one host or one user join", "name the host or the user");
    }
    JoinToken.Builder now = token.toBuilder().setCreatedMs(t.timeMs());
    if (token.hasAllowance()) setOrClear(now, allowance(t, token.getAllowance()));
    t.put(now.build());
    t.about(token.getId());
    t.info("token-created", "token for " + forWhom(token) + " made", token.getId());
  }

  private static void setOrClear(JoinToken.Builder token, Allowance allowance) {
    if (allowance == null) token.clearAllowance();
    else token.setAllowance(allowance);
  }

  static void revoke(Transaction t, RevokeToken revoke) {
    JoinToken old = t.token(revoke.getId());
    t.remove(old);
    t.about(old.getId());
    t.info("token-revoked", "token for " + forWhom(old) + " revoked", old.getId());
  }

  /** The allowance if there is something in it, otherwise null; refuses one that cannot be. */
  static Allowance allowance(Transaction t, Allowance allowance) {
    if (allowance.getPoolId().isEmpty()) {
      if (allowance.getMaxBytes() != 0) throw Refusal.invalid("The allowance names no pool", "", "name the pool that it is for");
      return null;
    }
    t.pool(allowance.getPoolId());
    if (allowance.getMaxBytes() < 0) throw Refusal.invalid("The allowance is too large", "it is below 8 EiB", "allow less");
    return allowance.getMaxBytes() == 0 ? null : allowance;
  }

  /** They can do nothing any more; without this they would be kept for ever. */
  private static void dropExpired(Transaction t) {
    for (JoinToken token : new ArrayList<>(t.inventory.tokens.all())) {
      if (token.getExpiresMs() <= t.timeMs()) t.remove(token);
    }
  }

  static String forWhom(JoinToken token) {
    return token.hasUserName() ? "user " + token.getUserName() : "host " + token.getHostName();
  }
}
