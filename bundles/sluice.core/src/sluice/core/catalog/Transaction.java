package sluice.core.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;

/**
 * One command at work: it changes the inventory step by step, notes each change for the delta, and can undo them all, so
 * that a refusal at any step leaves nothing behind.
 */
final class Transaction {
  final Inventory inventory;
  private final Actor actor;
  private final long timeMs;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final Map<String, ObjectChange> changes = new LinkedHashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final Set<String> objects = new LinkedHashSet<>();
  private Supplier<List<Candidate>> considered = List::of;

  Transaction(Inventory inventory, Actor actor, long timeMs) {
    this.inventory = inventory;
    this.actor = actor;
    this.timeMs = timeMs;
  }

  Actor actor() {
    return actor;
  }

  boolean byHost() {
    return actor.getKind() == Actor.Kind.HOST;
  }

  /** "user alice", for events. */
  String actorWords() {
    String name = Words.cut(actor.getName(), CatalogLimits.NAME_CHARS);
    return switch (actor.getKind()) {
      case USER -> "user " + name;
      case HOST -> "host " + (inventory.hosts.has(name) ? inventory.hosts.get(name).getName() : name);
      case SERVER -> "the server";
      case TOKEN -> "token " + name;
      default -> "somebody unknown";
    };
  }

  /** The command's, never a clock's. */
  long timeMs() {
    return timeMs;
  }

  // ---- lookups that refuse

  User user(String name) {
    return found(Kind.USER, name, inventory.users);
  }

  JoinToken token(String id) {
    return found(Kind.TOKEN, id, inventory.tokens);
  }

  Host host(String id) {
    return found(Kind.HOST, id, inventory.hosts);
  }

  Disk disk(String id) {
    return found(Kind.DISK, id, inventory.disks);
  }

  Pool pool(String id) {
    return found(Kind.POOL, id, inventory.pools);
  }

  Volume volume(String id) {
    return found(Kind.VOLUME, id, inventory.volumes);
  }

  Task task(String id) {
    Task task = inventory.tasks.get(id);
    if (task == null) throw Refusal.notFound(Kind.TASK, id);
    return task;
  }

  private static <T> T found(Kind kind, String id, Table<T> table) {
    T object = table.get(id);
    if (object == null) throw Refusal.notFound(kind, id);
    return object;
  }

  // ---- changes

  void put(Cluster now) {
    Cluster old = inventory.cluster();
    inventory.replaceCluster(now);
    undo.push(() -> inventory.replaceCluster(old));
    changes.put("cluster", ObjectChange.newBuilder().setCluster(now).build());
  }

  void put(User now) {
    User old = inventory.users.get(now.getName());
    inventory.replace(old, now);
    undo.push(() -> inventory.replace(now, old));
    note(Kind.USER, now.getName(), ObjectChange.newBuilder().setUser(now));
  }

  void put(JoinToken now) {
    JoinToken old = inventory.tokens.get(now.getId());
    inventory.replace(old, now);
    undo.push(() -> inventory.replace(now, old));
    note(Kind.TOKEN, now.getId(), ObjectChange.newBuilder().setToken(now));
  }

  void put(Host now) {
    Host old = inventory.hosts.get(now.getId());
    inventory.replace(old, now);
    undo.push(() -> inventory.replace(now, old));
    note(Kind.HOST, now.getId(), ObjectChange.newBuilder().setHost(now));
  }

  void put(Disk now) {
    Disk old = inventory.disks.get(now.getId());
    inventory.replace(old, now);
    undo.push(() -> inventory.replace(now, old));
    note(Kind.DISK, now.getId(), ObjectChange.newBuilder().setDisk(now));
  }

  void put(Pool now) {
    Pool old = inventory.pools.get(now.getId());
    inventory.replace(old, now);
    undo.push(() -> inventory.replace(now, old));
    note(Kind.POOL, now.getId(), ObjectChange.newBuilder().setPool(now));
  }

  void put(Volume now) {
    Volume old = inventory.volumes.get(now.getId());
    inventory.replace(old, now);
    undo.push(() -> inventory.replace(now, old));
    note(Kind.VOLUME, now.getId(), ObjectChange.newBuilder().setVolume(now));
  }

  void remove(User old) {
    inventory.replace(old, null);
    undo.push(() -> inventory.replace(null, old));
    noteRemoved(Kind.USER, old.getName(), "");
  }

  void remove(JoinToken old) {
    inventory.replace(old, null);
    undo.push(() -> inventory.replace(null, old));
    noteRemoved(Kind.TOKEN, old.getId(), "");
  }

  void remove(Host old) {
    inventory.replace(old, null);
    undo.push(() -> inventory.replace(null, old));
    noteRemoved(Kind.HOST, old.getId(), "");
  }

  void remove(Disk old) {
    inventory.replace(old, null);
    undo.push(() -> inventory.replace(null, old));
    noteRemoved(Kind.DISK, old.getId(), old.getPoolId());
  }

  void remove(Pool old) {
    inventory.replace(old, null);
    undo.push(() -> inventory.replace(null, old));
    noteRemoved(Kind.POOL, old.getId(), "");
  }

  void remove(Volume old) {
    inventory.replace(old, null);
    undo.push(() -> inventory.replace(null, old));
    noteRemoved(Kind.VOLUME, old.getId(), old.getPoolId());
  }

  void put(Task now) {
    Task old = inventory.tasks.get(now.getId());
    inventory.tasks.replace(old, now);
    undo.push(() -> inventory.tasks.replace(now, old));
    note(Kind.TASK, now.getId(), ObjectChange.newBuilder().setTask(now));
  }

  void remove(Task old) {
    inventory.tasks.replace(old, null);
    undo.push(() -> inventory.tasks.replace(null, old));
    noteRemoved(Kind.TASK, old.getId(), "");
  }

  private void note(Kind kind, String id, ObjectChange.Builder change) {
    changes.put(kind + id, change.build());
  }

  private void noteRemoved(Kind kind, String id, String poolId) {
    RemovedObject.Builder removed = RemovedObject.newBuilder().setKind(kind.removed()).setId(id).setPoolId(poolId);
    note(kind, id, ObjectChange.newBuilder().setRemoved(removed));
  }

  /** What the command is about; in the result and in the audit log, the first {@link CatalogLimits#OBJECTS}. */
  void about(String... ids) {
    for (String id : ids) if (objects.size() < CatalogLimits.OBJECTS) objects.add(id);
  }

  void event(Severity severity, String kind, String text, String... ids) {
    Event.Builder event = Event.newBuilder().setTimeMs(timeMs).setSeverity(severity).setKind(kind).setText(text);
    for (int i = 0; i < Math.min(ids.length, CatalogLimits.OBJECTS); i++) event.addObjects(ids[i]);
    events.add(event.build());
  }

  void info(String kind, String text, String... ids) {
    event(Severity.INFO, kind, text + " by " + actorWords(), ids);
  }

  /** What was thought of each disk when space was last taken; for plans. */
  void considered(Supplier<List<Candidate>> candidates) {
    considered = candidates;
  }

  List<Candidate> considered() {
    return considered.get();
  }

  // ---- the end

  /** Everything is as it was before. */
  void rollback() {
    while (!undo.isEmpty()) undo.pop().run();
    changes.clear();
    events.clear();
    objects.clear();
  }

  /** In the order of the last change of each object. */
  List<ObjectChange> changes() {
    return new ArrayList<>(changes.values());
  }

  /** Without numbers yet. */
  List<Event> events() {
    return events;
  }

  List<String> objects() {
    return new ArrayList<>(objects);
  }
}
