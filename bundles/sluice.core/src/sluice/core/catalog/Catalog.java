package sluice.core.catalog;

import java.util.List;
import java.util.Map;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Applied;
import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.RememberedResult;

/**
 * The catalog's state machine (catalog.proto). The same commands with the same revisions give the same state, results
 * and deltas on every machine. Not for several threads.
 */
public final class Catalog {
  final Inventory inventory = new Inventory();
  final BoundedLog<AuditEntry> audit = new BoundedLog<>(CatalogLimits.AUDIT);
  final BoundedLog<Event> events = new BoundedLog<>(CatalogLimits.EVENTS);
  private final RememberedResults results = new RememberedResults();
  private final CatalogView view = new InventoryView(this);
  private long revision;
  private long lastEvent;

  /** Empty: waits for {@code InitCluster}. */
  public Catalog() {}

  /**
   * Applies or refuses a command. Whatever is in it, this does not throw: refusals are results, are in the audit log and
   * change nothing else. A request id of the same actor that is remembered gives the first result again and an empty delta.
   *
   * @param at the command's revision
   * @throws IllegalArgumentException if the revision is not greater than all before, which is the engine's fault
   */
  public CatalogOutcome apply(Command command, long at) {
    if (at <= revision) throw new IllegalArgumentException("revision " + at + " after " + revision);
    revision = at;
    RememberedResults.Key key = RememberedResults.Key.of(command.toBuilder().setActor(bounded(command.getActor())).build());
    CommandResult known = results.get(key);
    if (known != null) return new CatalogOutcome(known, CatalogDelta.newBuilder().setRevision(at).build());

    String action = ActionWords.of(command.getChange(), inventory);
    Transaction t = new Transaction(inventory, bounded(command.getActor()), command.getTimeMs());
    CommandResult.Builder result = CommandResult.newBuilder().setRevision(at);
    CatalogDelta.Builder delta = CatalogDelta.newBuilder().setRevision(at);
    AuditEntry.Builder entry = AuditEntry.newBuilder().setRevision(at).setTimeMs(command.getTimeMs())
        .setActor(t.actor()).setAction(action);
    try {
      checkForm(command);
      Changes.make(t, command.getChange());
      result.setApplied(Applied.newBuilder().addAllObjects(t.objects()));
      ServerNotes.mark(entry, command.getChange());
      entry.addAllObjects(t.objects());
    } catch (Refusal refusal) {
      t.rollback();
      result.setProblem(HostRights.visible(t, refusal.problem()));
      entry.setRefused(true).setReason(refusal.auditReason()).addAllObjects(refusal.problem().getObjectsList());
    } catch (RuntimeException fault) {
      // a rule is missing somewhere: refuse rather than stop every member of the group at this command for ever
      t.rollback();
      result.setProblem(Problem.newBuilder().setCode(Problem.Code.INTERNAL).setWhat("The catalog cannot make this change")
          .setWhy(fault(fault))
          .setCorrection("report this with the server's log; nothing has changed"));
      entry.setRefused(true).setReason("internal: " + fault(fault));
    }
    delta.addAllChanges(t.changes());
    for (Event e : t.events()) delta.addEvents(e.toBuilder().setNumber(++lastEvent));
    CommandResult built = result.build();
    if (ServerNotes.isAudited(command.getChange(), built.hasProblem())) delta.addAudit(entry);
    delta.getEventsList().forEach(events::add);
    delta.getAuditList().forEach(audit::add);
    if (hasUsableRequestId(command)) results.add(key, built);
    return new CatalogOutcome(built, delta.build());
  }

  private static String fault(RuntimeException fault) {
    return Words.cut(fault.getClass().getSimpleName() + ": " + fault.getMessage(), CatalogLimits.TEXT_CHARS);
  }

  private void checkForm(Command command) {
    if (!hasUsableRequestId(command)) {
      throw Refusal.invalid("The command has no usable request id",
          "without one it could be applied twice; it is 1 to " + CatalogLimits.REQUEST_ID_CHARS + " characters",
          "give every new command a new one, and repeat a command with the same one");
    }
    if (command.getTimeMs() <= 0) throw Refusal.invalid("The command has no time", "the server sets it", "");
  }

  private static boolean hasUsableRequestId(Command command) {
    return !command.getRequestId().isEmpty() && command.getRequestId().length() <= CatalogLimits.REQUEST_ID_CHARS;
  }

  private static Actor bounded(Actor actor) {
    return actor.toBuilder().setName(Words.cut(actor.getName(), CatalogLimits.NAME_CHARS))
        .setAddress(Words.cut(actor.getAddress(), CatalogLimits.NAME_CHARS)).build();
  }

  /** Of the newest command that was applied or refused. */
  public long revision() {
    return revision;
  }

  /** The same view for the catalog's life; it shows the present state. */
  public CatalogView view() {
    return view;
  }

  /** Everything, exactly: loading it and saving again gives an equal message. */
  public CatalogState save() {
    CatalogState.Builder state = CatalogState.newBuilder().setRevision(revision).setLastEventNumber(lastEvent);
    if (inventory.cluster() != null) state.setCluster(inventory.cluster());
    state.addAllUsers(inventory.users.all()).addAllTokens(inventory.tokens.all()).addAllHosts(inventory.hosts.all())
        .addAllDisks(inventory.disks.all()).addAllPools(inventory.pools.all()).addAllVolumes(inventory.volumes.all())
        .addAllTasks(inventory.tasks.all()).addAllAudit(audit.all()).addAllEvents(events.all());
    for (Map.Entry<RememberedResults.Key, CommandResult> r : results.all().entrySet()) {
      state.addResults(RememberedResult.newBuilder().setAsker(r.getKey().asker()).setRequestId(r.getKey().requestId()).setResult(r.getValue()));
    }
    return state.build();
  }

  /**
   * @throws sluice.api.SluiceException CORRUPT if the state does not keep the catalog's rules: two objects of one name,
   *     extents that overlap, references to nothing
   */
  public static Catalog load(CatalogState state) {
    Catalog catalog = new Catalog();
    CatalogLoader.load(state, catalog.inventory);
    catalog.revision = state.getRevision();
    catalog.lastEvent = state.getLastEventNumber();
    state.getAuditList().forEach(catalog.audit::add);
    state.getEventsList().forEach(catalog.events::add);
    List<RememberedResult> remembered = state.getResultsList();
    for (RememberedResult r : remembered) catalog.results.add(new RememberedResults.Key(r.getAsker(), r.getRequestId()), r.getResult());
    return catalog;
  }
}
