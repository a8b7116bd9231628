package sluice.server.changes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.catalog.MemoryCatalogEngine;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.InitCluster;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;

class AuditLogTest {
  private static final Actor ADMIN = Actor.newBuilder().setKind(Actor.Kind.USER).setName("admin").setAddress("10.0.0.7:4711").build();

  private final MemoryCatalogEngine engine = new MemoryCatalogEngine(CatalogState.getDefaultInstance(), Runnable::run);
  private final List<String> lines = new ArrayList<>();
  private final AuditLog log = new AuditLog(engine, lines::add);
  private int requests;

  @BeforeEach
  void aClusterIsThere() {
    make(Changes.SERVER, Change.newBuilder().setInitCluster(InitCluster.newBuilder()
        .setCluster(Cluster.newBuilder().setId("11111111-1111-1111-1111-111111111111").setName("lab"))
        .setAdministrator(User.newBuilder().setName("admin").setRole(Role.ADMIN))));
    log.reload();
  }

  private void make(Actor actor, Change.Builder change) {
    engine.submit(Command.newBuilder().setRequestId("r" + ++requests).setActor(actor).setTimeMs(1000).setChange(change).build());
  }

  private static Change.Builder user(String name) {
    return Change.newBuilder().setPutUser(PutUser.newBuilder().setUser(User.newBuilder().setName(name).setRole(Role.OPERATOR)));
  }

  @Test
  void aChangeIsLoggedWithWhoWhatAndFromWhere() {
    engine.subscribe(engine.read(v -> v.revision()), log::changed);
    make(ADMIN, user("eva"));
    assertEquals(1, lines.size(), lines.toString());
    String line = lines.get(0);
    assertTrue(line.startsWith("change 2: user admin from 10.0.0.7:4711: "), line);
    assertTrue(line.contains("eva") && !line.contains("refused"), line);
  }

  @Test
  void aRefusalIsLoggedWithItsReason() {
    engine.subscribe(engine.read(v -> v.revision()), log::changed);
    make(ADMIN, user("Not A Name"));
    assertTrue(lines.get(0).contains(": refused: "), lines.toString());
  }

  @Test
  void whatWasMissedIsLoggedOnceAndNothingOfBeforeTheStart() {
    make(ADMIN, user("eva"));
    make(ADMIN, user("zoe"));
    log.reload();
    log.reload();
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("eva") && lines.get(1).contains("zoe"), lines.toString());
    assertFalse(lines.toString().contains("cluster"), lines.toString());
  }
}
