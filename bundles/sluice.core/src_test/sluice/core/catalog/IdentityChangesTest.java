package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class IdentityChangesTest {
  private final CatalogFixture c = new CatalogFixture();

  @Test
  void theLastAdministratorIsNeitherRemovedNorDemoted() {
    c.refused(Problem.Code.CONFLICT, removeUser("admin"));
    c.refused(Problem.Code.CONFLICT, user("admin", Role.OPERATOR));
    c.applied(user("eve", Role.ADMIN));
    assertTrue(c.refused(Problem.Code.CONFLICT, removeUser("admin")).getWhy().contains("joined"), "eve has not joined");
    c.applied(token(50, null, "eve", 100));
    c.applied(joinUser(50, 2));
    c.applied(removeUser("admin"));
    assertTrue(c.view().userByCertificate(fingerprint(1)).isEmpty());
    c.refused(Problem.Code.CONFLICT, user("eve", Role.VIEWER));
  }

  @Test
  void changingAUsersRoleKeepsCertificatesWhichOnlyJoiningGives() {
    c.applied(user("bob", Role.VIEWER));
    c.applied(token(50, null, "bob", 100));
    c.applied(joinUser(50, 2));
    c.applied(user("bob", Role.OPERATOR));
    assertEquals(fingerprint(2), c.view().user("bob").orElseThrow().getCertificateSha256(0));
    Change.Builder with = user("bob", Role.OPERATOR);
    with.getPutUserBuilder().getUserBuilder().addCertificateSha256(fingerprint(3));
    c.refused(Problem.Code.INVALID_ARGUMENT, with);
    c.refused(Problem.Code.INVALID_ARGUMENT, user("new", Role.ROLE_UNSPECIFIED));
    c.refused(Problem.Code.NOT_FOUND, removeUser("nobody"));
  }

  @Test
  void aTokenIsGoodOnce() {
    c.applied(token(50, "h1", null, 100));
    c.applied(joinHost(50, 40, 40));
    assertTrue(c.view().token(id(50)).isEmpty());
    c.refused(Problem.Code.UNAUTHENTICATED, joinHost(50, 41, 41));
  }

  @Test
  void whoHasNoGoodTokenLearnsNothingAndTheAuditLogKnowsWhy() {
    c.applied(token(50, "h1", null, 100));
    Problem unknown = c.refused(Problem.Code.UNAUTHENTICATED, joinHost(51, 40, 40));
    Change.Builder wrong = joinHost(50, 40, 40);
    wrong.getJoinHostBuilder().setSecretSha256(secret(9));
    Problem wrongSecret = c.refused(Problem.Code.UNAUTHENTICATED, wrong);
    assertTrue(c.view().newestAudit(1).get(0).getReason().contains("secret is wrong"));
    Problem asUser = c.refused(Problem.Code.UNAUTHENTICATED, joinUser(50, 40));
    c.now += 1_000;
    Problem expired = c.refused(Problem.Code.UNAUTHENTICATED, joinHost(50, 40, 40));
    assertTrue(c.view().newestAudit(1).get(0).getReason().contains("expired"));
    for (Problem p : new Problem[] {wrongSecret, asUser, expired}) assertEquals(unknown, p);
  }

  @Test
  void tokensThatCannotBeAreRefusedAndExpiredOnesGoAway() {
    c.host(40, "h1");
    c.refused(Problem.Code.ALREADY_EXISTS, token(50, "h1", null, 100));
    c.refused(Problem.Code.NOT_FOUND, token(50, null, "nobody", 100));
    c.refused(Problem.Code.INVALID_ARGUMENT, token(50, "h2", null, 0));
    c.refused(Problem.Code.INVALID_ARGUMENT, token(50, "H 2", null, 100));
    Change.Builder noSecret = token(50, "h2", null, 100);
    noSecret.getCreateTokenBuilder().getTokenBuilder().clearSecretSha256();
    c.refused(Problem.Code.INVALID_ARGUMENT, noSecret);
    c.applied(token(50, "h2", null, 100));
    c.refused(Problem.Code.ALREADY_EXISTS, token(50, "h3", null, 100));
    c.now += 1_000;
    c.applied(token(51, "h3", null, 100));
    assertEquals(1, c.view().tokens().size());
    c.applied(Change.newBuilder().setRevokeToken(RevokeToken.newBuilder().setId(id(51))));
    c.refused(Problem.Code.UNAUTHENTICATED, joinHost(51, 41, 41));
  }

  @Test
  void aCertificateProvesOneIdentityAndAHostNameIsTakenOnce() {
    c.host(40, "h1");
    c.applied(token(50, "h2", null, 100));
    c.applied(token(51, "h2", null, 100));
    c.refused(Problem.Code.CONFLICT, joinHost(50, 41, 40));
    c.refused(Problem.Code.CONFLICT, joinHost(50, 41, 1));
    c.refused(Problem.Code.ALREADY_EXISTS, joinHost(50, 40, 42));
    c.applied(joinHost(50, 41, 41));
    c.refused(Problem.Code.ALREADY_EXISTS, joinHost(51, 42, 42));
  }

  @Test
  void aHostGetsItsTokensAllowanceAndLosesItWithThePool() {
    c.pool(GIB);
    Change.Builder token = token(50, "h1", null, 100);
    token.getCreateTokenBuilder().getTokenBuilder().setAllowance(Allowance.newBuilder().setPoolId(id(20)).setMaxBytes(MIB));
    c.applied(token);
    c.applied(joinHost(50, 40, 40));
    assertEquals(MIB, c.view().host(id(40)).orElseThrow().getAllowance().getMaxBytes());
    c.applied(allow(40, 20, 2 * MIB));
    c.applied(allow(40, 20, 2 * MIB));
    assertEquals(0, c.last.delta().getChangesCount());
    c.refused(Problem.Code.NOT_FOUND, allow(40, 21, MIB));
    c.refused(Problem.Code.INVALID_ARGUMENT, allow(40, 20, -1));
    c.applied(Change.newBuilder().setDeletePool(DeletePool.newBuilder().setPoolId(id(20))));
    assertFalse(c.view().host(id(40)).orElseThrow().hasAllowance());
  }

  @Test
  void hostsAreRenamedWithinTheRules() {
    c.host(40, "h1");
    c.host(41, "h2");
    c.refused(Problem.Code.ALREADY_EXISTS, rename(40, "h2"));
    c.refused(Problem.Code.INVALID_ARGUMENT, rename(40, "H"));
    c.applied(rename(40, "h3"));
    assertTrue(c.view().hostByName("h1").isEmpty());
    assertEquals(id(40), c.view().hostByName("h3").orElseThrow().getId());
  }

  @Test
  void addingDoesNotChangeAUserAndChangingDoesNotAddOne() {
    c.applied(meant(PutUser.Meant.ADD, "bob", Role.VIEWER));
    c.refused(Problem.Code.ALREADY_EXISTS, meant(PutUser.Meant.ADD, "bob", Role.ADMIN));
    c.refused(Problem.Code.NOT_FOUND, meant(PutUser.Meant.CHANGE, "kim", Role.ADMIN));
    assertEquals(Role.VIEWER, c.view().user("bob").orElseThrow().getRole());
    assertTrue(c.view().user("kim").isEmpty());
    c.applied(meant(PutUser.Meant.CHANGE, "bob", Role.OPERATOR));
    assertEquals(Role.OPERATOR, c.view().user("bob").orElseThrow().getRole());
  }

  private static Change.Builder meant(PutUser.Meant meant, String name, Role role) {
    Change.Builder b = user(name, role);
    b.getPutUserBuilder().setMeant(meant);
    return b;
  }

  @Test
  void removingAUserTakesTheirTokensToo() {
    c.applied(user("bob", Role.VIEWER));
    c.applied(token(50, null, "bob", 100));
    c.applied(removeUser("bob"));
    assertTrue(c.view().tokens().isEmpty());
  }

  static Change.Builder allow(int host, int pool, long bytes) {
    return Change.newBuilder().setSetAllowance(SetAllowance.newBuilder().setHostId(id(host))
        .setAllowance(Allowance.newBuilder().setPoolId(id(pool)).setMaxBytes(bytes)));
  }

  private static Change.Builder rename(int host, String name) {
    return Change.newBuilder().setRenameHost(RenameHost.newBuilder().setHostId(id(host)).setName(name));
  }

  private static Change.Builder user(String name, Role role) {
    return Change.newBuilder().setPutUser(PutUser.newBuilder().setUser(User.newBuilder().setName(name).setRole(role)));
  }

  private static Change.Builder removeUser(String name) {
    return Change.newBuilder().setRemoveUser(RemoveUser.newBuilder().setName(name));
  }

  private Change.Builder token(int n, String host, String user, long valid) {
    JoinToken.Builder token = JoinToken.newBuilder().setId(id(n)).setSecretSha256(secret(n)).setExpiresMs(c.now + valid);
    if (host != null) token.setHostName(host);
    else token.setUserName(user);
    return Change.newBuilder().setCreateToken(CreateToken.newBuilder().setToken(token));
  }

  private static Change.Builder joinHost(int token, int host, int certificate) {
    return Change.newBuilder().setJoinHost(JoinHost.newBuilder().setTokenId(id(token)).setSecretSha256(secret(token)).setHostId(id(host))
        .setCertificateSha256(fingerprint(certificate)));
  }

  private static Change.Builder joinUser(int token, int certificate) {
    return Change.newBuilder().setJoinUser(JoinUser.newBuilder().setTokenId(id(token)).setSecretSha256(secret(token))
        .setCertificateSha256(fingerprint(certificate)));
  }
}
