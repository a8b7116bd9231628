package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.*;

class CatalogTest {
  private final CatalogFixture c = new CatalogFixture();

  @Test
  void aRepeatedRequestGivesTheFirstResultAndHasNoEffectEvenAfterALoad() {
    c.pool(GIB);
    CommandResult first = c.submit("once", createVolume(30, "v1", MIB).build());
    CatalogFixture loaded = new CatalogFixture(Catalog.load(c.catalog.save()));
    assertEquals(first, c.submit("once", delete(30).build()));
    assertEquals(first, loaded.submit("once", delete(30).build()));
    assertTrue(c.view().volume(id(30)).isPresent());
    assertEquals(0, c.last.delta().getChangesCount() + c.last.delta().getAuditCount());
    assertEquals(c.catalog.revision(), c.last.delta().getRevision());
  }

  @Test
  void aRefusalIsRememberedSoThatALateCopyOfItDoesNothing() {
    CommandResult refused = c.submit("late", createVolume(30, "v1", MIB).build());
    assertTrue(refused.hasProblem());
    c.pool(GIB);
    assertEquals(refused, c.submit("late", createVolume(30, "v1", MIB).build()));
    assertTrue(c.view().volumes().isEmpty());
  }

  @Test
  void whatOneActorWasToldIsNotToldToAnotherWhoUsesTheSameRequestId() {
    CommandResult first = c.submit("same", note("n").build());
    Catalog again = Catalog.load(c.catalog.save());
    Command own = Command.newBuilder().setRequestId("same").setActor(c.actor).setTimeMs(9).setChange(note("n")).build();
    assertEquals(first, again.apply(own, 1000).result());
    CommandResult other = again.apply(own.toBuilder().setActor(CatalogFixture.host(7)).build(), 1001).result();
    assertTrue(other.hasProblem(), "a host may not do it");
    CatalogState old = c.catalog.save();
    CatalogState older = old.toBuilder().setResults(0, old.getResults(0).toBuilder().clearAsker()).build();
    assertEquals(first, Catalog.load(older).apply(own, 1000).result(), "an older version kept no actor");
  }

  @Test
  void resultsAreForgottenAfterTenThousandAndEventsAndAuditAreBounded() {
    c.submit("old", note("n").build());
    for (int i = 0; i < CatalogLimits.RESULTS - 1; i++) c.submit("x" + i, note("n").build());
    assertEquals(0, c.submit("old", note("n").build()).getApplied().getObjectsCount());
    long known = c.last.result().getRevision();
    assertTrue(known < c.catalog.revision(), "still remembered");
    for (int i = 0; i < 10; i++) c.submit("y" + i, note("n").build());
    assertEquals(c.catalog.revision() + 1, c.submit("old", note("n").build()).getRevision());
    CatalogState state = c.catalog.save();
    assertEquals(CatalogLimits.RESULTS, state.getResultsCount());
    assertEquals(CatalogLimits.AUDIT, state.getAuditCount());
  }

  @Test
  void rememberedResultsAreBoundedInBytes() {
    RememberedResults results = new RememberedResults();
    CommandResult large = CommandResult.newBuilder().setProblem(Problem.newBuilder().setWhy("x".repeat(1 << 20))).build();
    for (int i = 0; i < 100; i++) results.add(new RememberedResults.Key("1:a", "r" + i), large);
    assertTrue(results.all().size() < 17 && results.all().size() > 10);
    assertEquals(large, results.get(new RememberedResults.Key("1:a", "r99")));
  }

  @Test
  void commandsWithoutRequestIdTimeOrContentAreRefused() {
    assertEquals(Problem.Code.INVALID_ARGUMENT, c.submit("", note("n").build()).getProblem().getCode());
    assertEquals(Problem.Code.INVALID_ARGUMENT, c.submit("x".repeat(129), note("n").build()).getProblem().getCode());
    assertEquals(Problem.Code.INVALID_ARGUMENT, c.submit("e", Change.getDefaultInstance()).getProblem().getCode());
    Command timeless = Command.newBuilder().setRequestId("t").setChange(note("n")).build();
    assertTrue(c.catalog.apply(timeless, c.catalog.revision() + 1).result().hasProblem());
  }

  @Test
  void nothingIsDoneBeforeThereIsAClusterAndASecondOneIsRefused() {
    CatalogFixture empty = new CatalogFixture(new Catalog());
    empty.refused(Problem.Code.CONFLICT, createPool(20, "gold"));
    Change.Builder again = Change.newBuilder().setInitCluster(InitCluster.newBuilder()
        .setCluster(Cluster.newBuilder().setId(id(1)).setName("c1"))
        .setAdministrator(User.newBuilder().setName("admin").setRole(Role.ADMIN).addCertificateSha256(fingerprint(1))));
    c.applied(again);
    assertEquals(0, c.last.delta().getChangesCount());
    again.getInitClusterBuilder().getClusterBuilder().setId(id(2));
    c.refused(Problem.Code.CONFLICT, again);
    again.getInitClusterBuilder().getAdministratorBuilder().setRole(Role.VIEWER);
    empty.refused(Problem.Code.INVALID_ARGUMENT, again);
  }

  @Test
  void refusalsStandInTheAuditLogWithWhoWhatAndWhy() {
    c.refused(Problem.Code.NOT_FOUND, delete(30));
    AuditEntry entry = c.view().newestAudit(1).get(0);
    assertTrue(entry.getRefused());
    assertEquals("There is no volume " + id(30), entry.getReason());
    assertEquals("10.0.0.1:5", entry.getActor().getAddress());
    assertEquals(c.now, entry.getTimeMs());
    c.applied(note("a viewer tried\nto delete"));
    entry = c.view().newestAudit(1).get(0);
    assertEquals("a viewer tried to delete", entry.getAction());
    assertTrue(entry.getRefused());
  }

  @Test
  void anEventThatTheServerSawGetsANumberAndNoAudit() {
    long before = c.view().eventsAfter(0, 100).size();
    Event.Builder event = Event.newBuilder().setNumber(99).setKind("route-changed").setText("v1 by server").setSeverity(Severity.WARNING);
    c.applied(Change.newBuilder().setNoteEvent(NoteEvent.newBuilder().setEvent(event)));
    assertEquals(0, c.last.delta().getAuditCount());
    Event kept = c.view().eventsAfter(before, 100).get(0);
    assertEquals(before + 1, kept.getNumber());
    assertEquals(c.now, kept.getTimeMs());
    c.refused(Problem.Code.INVALID_ARGUMENT, Change.newBuilder().setNoteEvent(NoteEvent.newBuilder().setEvent(event.setKind("two words"))));
  }

  @Test
  void eventsAreListedAfterANumberAndAuditNewestFirst() {
    c.pool(GIB);
    assertEquals(2, c.view().eventsAfter(1, 2).size());
    assertEquals(2, c.view().eventsAfter(1, 2).get(0).getNumber());
    assertTrue(c.view().eventsAfter(99, 2).isEmpty());
    assertEquals("create pool gold with disks d10", c.view().newestAudit(2).get(0).getAction());
  }

  @Test
  void revisionsOnlyGrow() {
    Command command = Command.newBuilder().setRequestId("r").setTimeMs(1).setChange(note("n")).build();
    assertThrows(IllegalArgumentException.class, () -> c.catalog.apply(command, c.catalog.revision()));
  }

  @Test
  void aDeltaTellsWhichPoolsMetadataItTouches() {
    c.pool(GIB);
    assertEquals(Set.of(id(20)), CatalogView.poolsTouched(c.last.delta()));
    c.applied(createVolume(30, "v1", MIB));
    assertEquals(Set.of(id(20)), CatalogView.poolsTouched(c.last.delta()));
    c.applied(delete(30));
    assertEquals(Set.of(id(20)), CatalogView.poolsTouched(c.last.delta()));
    c.applied(addDisk(15, "free", GIB));
    assertEquals(Set.of(), CatalogView.poolsTouched(c.last.delta()));
    c.applied(Change.newBuilder().setDeletePool(DeletePool.newBuilder().setPoolId(id(20))));
    assertEquals(Set.of(), CatalogView.poolsTouched(c.last.delta()));
  }

  @Test
  void aStateThatBreaksARuleIsNotLoaded() {
    c.pool(GIB);
    c.host(40, "h1");
    c.applied(createVolume(30, "v1", MIB));
    c.applied(grant(30, 40, Access.READ_WRITE));
    CatalogState good = c.catalog.save();
    assertEquals(good, Catalog.load(good).save());
    Volume v = good.getVolumes(0);
    corrupt(good.toBuilder().addVolumes(v.toBuilder().setId(id(31)).setName("v2")), "taken by another extent");
    corrupt(good.toBuilder().addVolumes(v), "there twice");
    corrupt(good.toBuilder().clearHosts(), "not there");
    corrupt(good.toBuilder().clearPools(), "no pool");
    corrupt(good.toBuilder().clearDisks(), "not in the pool");
    corrupt(good.toBuilder().setVolumes(0, v.toBuilder().clearLayout()), "no epoch");
    corrupt(good.toBuilder().addUsers(User.newBuilder().setName("eve").addCertificateSha256(fingerprint(40))), "certificate");
    corrupt(good.toBuilder().addPools(Pool.newBuilder().setId(id(21)).setName("p").setUnitBytes(3)), "unit");
  }

  private static void corrupt(CatalogState.Builder state, String why) {
    SluiceException e = assertThrows(SluiceException.class, () -> Catalog.load(state.build()));
    assertEquals(ErrorCode.CORRUPT, e.code());
    assertTrue(e.why().contains(why), e.why());
  }

  private static Change.Builder note(String action) {
    return Change.newBuilder().setNoteRefusal(NoteRefusal.newBuilder().setAction(action).setReason("viewers do not change"));
  }
}
