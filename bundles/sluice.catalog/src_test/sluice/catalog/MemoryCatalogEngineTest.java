package sluice.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.InitCluster;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;

class MemoryCatalogEngineTest {
  private static Command command(String requestId, Change.Builder change) {
    return Command.newBuilder().setRequestId(requestId).setTimeMs(1).setChange(change).build();
  }

  private static Command init() {
    return command("init", Change.newBuilder().setInitCluster(InitCluster.newBuilder()
        .setCluster(Cluster.newBuilder().setId("00000000-0000-4000-8000-000000000001").setName("c1"))
        .setAdministrator(User.newBuilder().setName("admin").setRole(Role.ADMIN))));
  }

  private static Command user(int n) {
    return command("u" + n, Change.newBuilder().setPutUser(PutUser.newBuilder().setUser(User.newBuilder().setName("u" + n).setRole(Role.VIEWER))));
  }

  private static CommandResult get(CompletableFuture<CommandResult> result) throws Exception {
    return result.get(60, TimeUnit.SECONDS);
  }

  @Test
  void commandsCompleteInOrderAndAReadSeesWhatHasCompleted() throws Exception {
    try (MemoryCatalogEngine engine = new MemoryCatalogEngine()) {
      List<Long> order = Collections.synchronizedList(new ArrayList<>());
      CompletableFuture<CommandResult> last = engine.submit(init()).toCompletableFuture();
      for (int i = 0; i < 100; i++) {
        last = engine.submit(user(i)).whenComplete((r, e) -> order.add(r.getRevision())).toCompletableFuture();
      }
      assertEquals(101, get(last).getRevision());
      assertTrue(engine.read(v -> v.user("u99")).isPresent());
      List<Long> sorted = new ArrayList<>(order);
      Collections.sort(sorted);
      assertEquals(sorted, order);
      assertEquals(101, engine.members().get(0).appliedRevision());
    }
  }

  @Test
  void aSubscriberOfWhatItHasReadGetsTheRest() throws Exception {
    try (MemoryCatalogEngine engine = new MemoryCatalogEngine()) {
      get(engine.submit(init()).toCompletableFuture());
      long known = engine.read(CatalogView::revision);
      CompletableFuture<CatalogDelta> next = new CompletableFuture<>();
      assertTrue(engine.subscribe(known, next::complete));
      get(engine.submit(user(1)).toCompletableFuture());
      assertEquals("u1", next.get(60, TimeUnit.SECONDS).getChanges(0).getUser().getName());
    }
  }

  @Test
  void anEngineGoesOnFromTheStateOfAnother() throws Exception {
    CatalogState state;
    try (MemoryCatalogEngine engine = new MemoryCatalogEngine()) {
      get(engine.submit(init()).toCompletableFuture());
      engine.snapshot().toCompletableFuture().get(60, TimeUnit.SECONDS);
      state = engine.state();
    }
    try (MemoryCatalogEngine next = new MemoryCatalogEngine(state)) {
      assertTrue(next.read(CatalogView::cluster).isPresent());
      assertFalse(next.subscribe(0, d -> {}), "what was before its start is not kept");
      assertEquals(2, get(next.submit(user(1)).toCompletableFuture()).getRevision());
    }
  }

  @Test
  void aSimulatorDecidesWhenThingsHappen() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    List<Long> heard = new ArrayList<>();
    try (MemoryCatalogEngine engine = new MemoryCatalogEngine(CatalogState.getDefaultInstance(), tasks::add)) {
      engine.subscribe(0, d -> heard.add(d.getRevision()));
      CompletableFuture<CommandResult> result = engine.submit(init()).toCompletableFuture();
      assertFalse(result.isDone());
      while (!tasks.isEmpty()) tasks.poll().run();
      assertTrue(result.isDone());
      assertEquals(List.of(1L), heard);
    }
  }

  @Test
  void aClosedEngineFailsWhatWaitsAndWhatComes() {
    Deque<Runnable> tasks = new ArrayDeque<>();
    MemoryCatalogEngine engine = new MemoryCatalogEngine(CatalogState.getDefaultInstance(), tasks::add);
    CompletableFuture<CommandResult> waiting = engine.submit(init()).toCompletableFuture();
    engine.close();
    while (!tasks.isEmpty()) tasks.poll().run();
    unavailable(waiting);
    MemoryCatalogEngine threaded = new MemoryCatalogEngine();
    threaded.close();
    unavailable(threaded.submit(init()).toCompletableFuture());
  }

  private static void unavailable(CompletableFuture<CommandResult> result) {
    ExecutionException e = assertThrows(ExecutionException.class, () -> result.get(60, TimeUnit.SECONDS));
    assertEquals(ErrorCode.UNAVAILABLE, ((SluiceException) e.getCause()).code());
  }

  @Test
  void aStateThatIsCorruptLeavesTheMachineAsItWas() {
    DeltaFeed feed = new DeltaFeed(Runnable::run);
    CatalogMachine machine = new CatalogMachine(feed);
    machine.apply(init(), 5);
    CatalogState bad = CatalogState.newBuilder().setRevision(9).addUsers(User.newBuilder().setName("a")).addUsers(User.newBuilder().setName("a")).build();
    assertThrows(SluiceException.class, () -> machine.load(bad));
    assertEquals(5, machine.revision());
    assertTrue(feed.subscribe(5, d -> {}));
  }
}
