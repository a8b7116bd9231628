package sluice.catalog.ratis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import sluice.catalog.CatalogEngine;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.InitCluster;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;

/** Commands that tests give: a cluster, then users, each of which shows that its command was kept. */
final class Commands {
  private Commands() {}

  private static Command command(String requestId, Change.Builder change) {
    return Command.newBuilder()
        .setRequestId(requestId)
        .setActor(Actor.newBuilder().setKind(Actor.Kind.SERVER))
        .setTimeMs(1)
        .setChange(change)
        .build();
  }

  static Command cluster() {
    return command("init", Change.newBuilder().setInitCluster(InitCluster.newBuilder()
        .setCluster(Cluster.newBuilder().setId("0d6c4f0c-5c1b-4c44-9f2b-8a3e3d0c7a01").setName("test").setCreatedMs(1))
        .setAdministrator(User.newBuilder().setName("admin").setRole(Role.ADMIN))));
  }

  static Command user(String name) {
    return command("put-" + name, Change.newBuilder()
        .setPutUser(PutUser.newBuilder().setUser(User.newBuilder().setName(name).setRole(Role.VIEWER))));
  }

  /** Waits for the result, which must not be a refusal. */
  static CommandResult apply(CatalogEngine engine, Command command) throws Exception {
    CommandResult r = engine.submit(command).toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertTrue(r.hasApplied(), r::toString);
    return r;
  }

  static void users(CatalogEngine engine, String prefix, int from, int to) throws Exception {
    for (int i = from; i < to; i++) apply(engine, user(prefix + i));
  }

  static Set<String> names(CatalogEngine engine) {
    List<User> users = engine.read(v -> v.users());
    Set<String> names = new TreeSet<>();
    for (User u : users) names.add(u.getName());
    return names;
  }
}
