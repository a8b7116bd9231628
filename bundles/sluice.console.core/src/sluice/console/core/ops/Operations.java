package sluice.console.core.ops;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sluice.console.core.san.SanConnection;
import sluice.console.core.verdict.Action;
import sluice.console.core.verdict.Healths;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** Makes operations, seeded from a selection, and says which are possible. Pure. */
public final class Operations {
  private Operations() {}

  /** The action's operation with what the selection says filled in. */
  public static Operation of(Action action, SanView san, List<ObjectKey> selection) {
    Operation o = make(action, san);
    // Who says nothing else gets a copy more than one, where there are disks for it.
    if (action == Action.CREATE_VOLUME && san.pools().stream().anyMatch(p -> san.disksOfPool(p.getId()).size() > 1)) o.set("legs", "2");
    for (ObjectKey k : selection) seed(o, k);
    return o;
  }

  private static Operation make(Action action, SanView san) {
    return switch (action) {
      case CREATE_POOL -> StorageOperations.createPool(san);
      case ADD_POOL_DISKS -> StorageOperations.addPoolDisks(san);
      case RENAME_POOL -> StorageOperations.renamePool(san);
      case SET_POOL -> StorageOperations.setPool(san);
      case DELETE_POOL -> StorageOperations.deletePool(san);
      case IMPORT_POOL -> StorageOperations.importPool(san);
      case EXPORT_POOL -> StorageOperations.exportPool(san);
      case ADD_DISKS -> StorageOperations.addDisks(san);
      case SET_DISK -> StorageOperations.setDisk(san);
      case REMOVE_DISK -> StorageOperations.removeDisk(san);
      case EVACUATE_DISK -> MoveOperations.evacuate(san);
      case REPLACE_DISK -> MoveOperations.replace(san);
      case REBALANCE_POOL -> MoveOperations.rebalance(san);
      case RELAYOUT_VOLUME -> MoveOperations.relayout(san);
      case RECHECK_DISKS -> StorageOperations.recheck(san);
      case CREATE_VOLUME -> VolumeOperations.create(san);
      case RESIZE_VOLUME -> VolumeOperations.resize(san);
      case RENAME_VOLUME -> VolumeOperations.rename(san);
      case SHARE_VOLUME -> VolumeOperations.share(san);
      case DELETE_VOLUME -> VolumeOperations.delete(san);
      case GRANT -> VolumeOperations.grant(san);
      case REVOKE -> VolumeOperations.revoke(san);
      case ATTACH -> VolumeOperations.attach(san);
      case DETACH -> VolumeOperations.detach(san);
      case ADD_LEG -> VolumeOperations.addLeg(san);
      case DROP_LEG -> VolumeOperations.dropLeg(san);
      case RECOVER -> VolumeOperations.recover(san);
      case PAUSE_TASK, RESUME_TASK, CANCEL_TASK, THROTTLE_TASK -> PeopleOperations.task(action, san);
      case JOIN_HOST -> PeopleOperations.joinHost(san);
      case RENAME_HOST -> PeopleOperations.renameHost(san);
      case ALLOW_HOST -> PeopleOperations.allow(san);
      case DECLARE_DEAD -> PeopleOperations.declareDead(san);
      case REMOVE_HOST -> PeopleOperations.removeHost(san);
      case ADD_USER -> PeopleOperations.addUser(san);
      case SET_USER -> PeopleOperations.setUser(san);
      case REMOVE_USER -> PeopleOperations.removeUser(san);
      case USER_TOKEN -> PeopleOperations.userToken(san);
    };
  }

  private static void seed(Operation o, ObjectKey k) {
    // What may be left open is not filled in for anybody.
    List<String> fields = o.fields().stream().filter(Field::required).map(Field::name).toList();
    String field = k.kind().name().toLowerCase(Locale.ROOT);
    if (k.kind() == ObjectKey.Kind.DISK && fields.contains("disks") && o.san().disk(k.id()).map(d -> d.getPoolId().isEmpty()).orElse(false)) {
      List<String> more = new java.util.ArrayList<>(o.all("disks"));
      more.add(k.id());
      o.set("disks", more);
    } else if (fields.contains(field) && o.get(field).isEmpty()) {
      o.set(field, k.id());
    }
    // A volume's only holder is the one to detach it from; a disk's or volume's pool is the one that is meant.
    if (k.kind() == ObjectKey.Kind.VOLUME) o.san().volume(k.id()).ifPresent(v -> {
      if (o.action() == Action.DETACH && v.getAttachmentsCount() == 1) o.set("host", v.getAttachments(0).getHostId());
      if (o.action() == Action.CREATE_VOLUME && o.get("pool").isEmpty()) o.set("pool", v.getPoolId());
    });
    if (k.kind() == ObjectKey.Kind.VOLUME && fields.contains("task") && o.get("task").isEmpty()) o.san().taskAtWork(k.id(), "").ifPresent(t -> o.set("task", t.getId()));
  }

  /** Why the action cannot be done to the object now; empty: it can. For tooltips of what is greyed out. */
  public static Optional<String> whyNot(Action action, SanView san, Role role, ObjectKey key) {
    if (role.getNumber() < action.role().getNumber() || role == Role.UNRECOGNIZED) {
      String yours = role == Role.ROLE_UNSPECIFIED ? "none" : role.name().toLowerCase(Locale.ROOT);
      return Optional.of("It takes the role " + action.role().name().toLowerCase(Locale.ROOT) + ", and yours is " + yours + ".");
    }
    return switch (action) {
      case DELETE_VOLUME, SHARE_VOLUME -> san.volume(key.id()).filter(v -> v.getAttachmentsCount() > 0).map(v -> "It is attached to " + san.name(v.getAttachments(0).getHostId()) + "; detach it first.");
      case DETACH -> san.volume(key.id()).filter(v -> v.getAttachmentsCount() == 0).map(v -> "No host holds it.");
      case REVOKE -> san.volume(key.id()).filter(v -> v.getGrantsCount() == 0).map(v -> "No host has a grant of it.");
      case DROP_LEG -> san.volume(key.id()).filter(v -> Healths.legCount(v) < 2).map(v -> "It has one copy only.");
      case ADD_LEG -> san.volume(key.id()).filter(v -> Healths.legCount(v) >= 4).map(v -> "It has four copies, which is the most.");
      case RECOVER -> san.volume(key.id()).filter(Operations::allInSync).map(v -> "Every copy is in sync.");
      case DELETE_POOL -> san.pool(key.id()).filter(p -> !san.volumesOfPool(p.getId()).isEmpty()).map(p -> "It has volumes.");
      case REMOVE_DISK -> san.disk(key.id()).filter(d -> !san.uses(d.getId()).isEmpty()).map(d -> "Volumes lie on it.");
      case EVACUATE_DISK, REPLACE_DISK -> san.disk(key.id()).filter(d -> d.getPoolId().isEmpty()).map(d -> "It is in no pool; nothing lies on it.");
      case REBALANCE_POOL -> san.pool(key.id()).filter(p -> san.disksOfPool(p.getId()).size() < 2).map(p -> "It has one disk only.");
      case CREATE_VOLUME -> san.pools().isEmpty() ? Optional.of("There is no pool yet; create one first.") : Optional.empty();
      case ATTACH, GRANT -> san.hosts().isEmpty() ? Optional.of("No host has joined yet.") : Optional.empty();
      case CREATE_POOL, ADD_POOL_DISKS -> san.disks().stream().noneMatch(d -> d.getPoolId().isEmpty()) ? Optional.of("Every disk is in a pool already; add disks first.") : Optional.empty();
      case REMOVE_HOST -> san.host(key.id()).filter(h -> !san.volumesOfHost(h.getId()).isEmpty()).map(h -> "It holds volumes.");
      case DECLARE_DEAD -> san.host(key.id()).filter(h -> Healths.host(san, h) != Health.OFFLINE).map(h -> "It answers.");
      case PAUSE_TASK -> task(san, key, Task.State.RUNNING, "It is not running.");
      case RESUME_TASK -> task(san, key, Task.State.PAUSED, "It is not paused.");
      case CANCEL_TASK, THROTTLE_TASK -> san.task(key.id()).filter(SanView::ended).map(t -> "It has ended.");
      default -> Optional.empty();
    };
  }

  /** As {@link #whyNot(Action, SanView, Role, ObjectKey)}; nothing can be done while what is shown is not the present. */
  public static Optional<String> whyNot(Action action, SanConnection connection, ObjectKey key) {
    if (!connection.link().current()) return Optional.of("The server is not connected; what is shown may be old.");
    return whyNot(action, connection.view(), connection.role(), key);
  }

  private static boolean allInSync(Volume v) {
    return v.getLayout().getLegsList().stream().allMatch(l -> l.getState() == LegInfo.State.IN_SYNC);
  }

  private static Optional<String> task(SanView san, ObjectKey key, Task.State wanted, String otherwise) {
    return san.task(key.id()).filter(t -> t.getState() != wanted).map(t -> otherwise);
  }
}
