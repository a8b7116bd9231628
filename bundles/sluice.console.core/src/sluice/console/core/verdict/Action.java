package sluice.console.core.verdict;

import java.util.Optional;
import sluice.console.core.view.ObjectKey;
import sluice.protocol.v1.Role;

/**
 * What a person can do to a SAN: the one list that menus, buttons, alerts' recommendations and operations share. Each is a
 * command of the command line too.
 */
public enum Action {
  CREATE_POOL("pool.create", "Create pool…", ObjectKey.Kind.CLUSTER, Role.OPERATOR, false),
  ADD_POOL_DISKS("pool.add", "Add disks to pool…", ObjectKey.Kind.POOL, Role.OPERATOR, false),
  RENAME_POOL("pool.rename", "Rename pool…", ObjectKey.Kind.POOL, Role.OPERATOR, false),
  SET_POOL("pool.set", "Recovery settings…", ObjectKey.Kind.POOL, Role.OPERATOR, false),
  DELETE_POOL("pool.delete", "Delete pool…", ObjectKey.Kind.POOL, Role.OPERATOR, true),
  REBALANCE_POOL("pool.rebalance", "Rebalance pool…", ObjectKey.Kind.POOL, Role.OPERATOR, false),
  IMPORT_POOL("pool.import", "Import pool…", ObjectKey.Kind.CLUSTER, Role.OPERATOR, false),
  EXPORT_POOL("pool.export", "Export pool…", ObjectKey.Kind.POOL, Role.OPERATOR, true),
  ADD_DISKS("disk.add", "Add disks…", ObjectKey.Kind.CLUSTER, Role.OPERATOR, false),
  SET_DISK("disk.set", "Change disk…", ObjectKey.Kind.DISK, Role.OPERATOR, false),
  REMOVE_DISK("disk.remove", "Remove disk…", ObjectKey.Kind.DISK, Role.OPERATOR, true),
  EVACUATE_DISK("disk.evacuate", "Evacuate disk…", ObjectKey.Kind.DISK, Role.OPERATOR, false),
  REPLACE_DISK("disk.replace", "Replace disk…", ObjectKey.Kind.DISK, Role.OPERATOR, false),
  RECHECK_DISKS("disk.recheck", "Look for disks now", ObjectKey.Kind.CLUSTER, Role.OPERATOR, false),
  CREATE_VOLUME("volume.create", "Create volume…", ObjectKey.Kind.POOL, Role.OPERATOR, false),
  RESIZE_VOLUME("volume.resize", "Resize volume…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  RENAME_VOLUME("volume.rename", "Rename volume…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  RELAYOUT_VOLUME("volume.relayout", "Change stripes…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  SHARE_VOLUME("volume.share", "Share between hosts…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  DELETE_VOLUME("volume.delete", "Delete volume…", ObjectKey.Kind.VOLUME, Role.OPERATOR, true),
  GRANT("volume.grant", "Grant to host…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  REVOKE("volume.revoke", "Revoke grant…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  ATTACH("volume.attach", "Attach to host…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  DETACH("volume.detach", "Detach from host…", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  ADD_LEG("volume.add-leg", "Add a copy", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  DROP_LEG("volume.drop-leg", "Drop a copy…", ObjectKey.Kind.VOLUME, Role.OPERATOR, true),
  RECOVER("volume.recover", "Recover now", ObjectKey.Kind.VOLUME, Role.OPERATOR, false),
  PAUSE_TASK("task.pause", "Pause", ObjectKey.Kind.TASK, Role.OPERATOR, false),
  RESUME_TASK("task.resume", "Resume", ObjectKey.Kind.TASK, Role.OPERATOR, false),
  CANCEL_TASK("task.cancel", "Cancel…", ObjectKey.Kind.TASK, Role.OPERATOR, false),
  THROTTLE_TASK("task.throttle", "Limit speed…", ObjectKey.Kind.TASK, Role.OPERATOR, false),
  JOIN_HOST("host.token", "Join a host…", ObjectKey.Kind.CLUSTER, Role.ADMIN, false),
  RENAME_HOST("host.rename", "Rename host…", ObjectKey.Kind.HOST, Role.ADMIN, false),
  ALLOW_HOST("host.allow", "Let host allocate…", ObjectKey.Kind.HOST, Role.ADMIN, false),
  DECLARE_DEAD("host.declare-dead", "Declare host dead…", ObjectKey.Kind.HOST, Role.ADMIN, true),
  REMOVE_HOST("host.remove", "Remove host…", ObjectKey.Kind.HOST, Role.ADMIN, true),
  ADD_USER("user.add", "Add user…", ObjectKey.Kind.CLUSTER, Role.ADMIN, false),
  SET_USER("user.set", "Change role…", ObjectKey.Kind.USER, Role.ADMIN, false),
  REMOVE_USER("user.remove", "Remove user…", ObjectKey.Kind.USER, Role.ADMIN, true),
  USER_TOKEN("user.token", "Make token for user…", ObjectKey.Kind.USER, Role.ADMIN, false);

  private final String id;
  private final String label;
  private final ObjectKey.Kind on;
  private final Role role;
  private final boolean destructive;

  Action(String id, String label, ObjectKey.Kind on, Role role, boolean destructive) {
    this.id = id;
    this.label = label;
    this.on = on;
    this.role = role;
    this.destructive = destructive;
  }

  /** Noun and verb as on the command line: "volume.create". */
  public String id() {
    return id;
  }

  /** For menus; ends with … if it asks for something first. */
  public String label() {
    return label;
  }

  /** What is to be selected for it; CLUSTER: nothing. */
  public ObjectKey.Kind on() {
    return on;
  }

  /** Who may. */
  public Role role() {
    return role;
  }

  /** Does it take something away that does not come back? Then the object's name is asked for. */
  public boolean destructive() {
    return destructive;
  }

  public static Optional<Action> byId(String id) {
    for (Action a : values()) if (a.id.equals(id)) return Optional.of(a);
    return Optional.empty();
  }
}
