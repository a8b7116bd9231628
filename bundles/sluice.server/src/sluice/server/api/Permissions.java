package sluice.server.api;

import java.util.EnumMap;
import java.util.Map;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Role;

/**
 * Who may ask what: the one table. A row names the least role of a user, and whether a host may ask at all; what a
 * host may do with which volume needs state and is the catalog's to decide. Every kind of call and change has a row (a
 * test holds that), and what has none is refused.
 */
public final class Permissions {
  /** @param least null: no user, whatever the role */
  private record Rule(Role least, boolean hosts, String instead) {}

  private static final Rule NOBODY = new Rule(null, false, "it is the server's own");
  private static final Map<Call.BodyCase, Rule> CALLS = new EnumMap<>(Call.BodyCase.class);
  private static final Map<Change.BodyCase, Rule> CHANGES = new EnumMap<>(Change.BodyCase.class);

  static {
    call(Role.VIEWER, true, Call.BodyCase.GET_PICTURE, Call.BodyCase.WATCH, Call.BodyCase.PLAN_VOLUME,
        Call.BodyCase.PLAN_CHANGE);
    call(Role.VIEWER, false, Call.BodyCase.DIFF_SNAPSHOTS, Call.BodyCase.SNAPSHOT_USAGE, Call.BodyCase.LIST_EVENTS, Call.BodyCase.LIST_AUDIT);
    call(Role.OPERATOR, true, Call.BodyCase.ATTACH, Call.BodyCase.DETACH, Call.BodyCase.RESIZE);
    call(Role.OPERATOR, false, Call.BodyCase.SCAN_DISKS, Call.BodyCase.ADD_DISKS, Call.BodyCase.IMPORT_POOL,
        Call.BodyCase.REMOVE_DISK, Call.BodyCase.RECHECK_DISKS, Call.BodyCase.ADD_LEG, Call.BodyCase.DROP_LEG,
        Call.BodyCase.RECOVER, Call.BodyCase.PLAN_MOVES, Call.BodyCase.SNAPSHOT_VOLUMES);
    call(Role.ADMIN, false, Call.BodyCase.MAKE_TOKEN);

    change(Role.OPERATOR, true, Change.BodyCase.CREATE_VOLUME, Change.BodyCase.RESIZE_VOLUME,
        Change.BodyCase.DELETE_VOLUME, Change.BodyCase.ATTACH_VOLUME, Change.BodyCase.DETACH_VOLUME);
    change(Role.OPERATOR, false, Change.BodyCase.RENAME_VOLUME, Change.BodyCase.SET_VOLUME_SHARED,
        Change.BodyCase.PUT_GRANT, Change.BodyCase.REMOVE_GRANT, Change.BodyCase.CREATE_POOL,
        Change.BodyCase.ADD_POOL_DISKS, Change.BodyCase.RENAME_POOL, Change.BodyCase.DELETE_POOL,
        Change.BodyCase.EXPORT_POOL, Change.BodyCase.SET_DISK, Change.BodyCase.SET_POOL_RECOVERY,
        Change.BodyCase.CONTROL_TASK, Change.BodyCase.EVACUATE_DISK, Change.BodyCase.RELAYOUT_VOLUME,
        Change.BodyCase.REBALANCE_POOL, Change.BodyCase.REPLACE_DISK, Change.BodyCase.DELETE_SNAPSHOT, Change.BodyCase.RESTORE_VOLUME);
    change(Role.ADMIN, false, Change.BodyCase.PUT_USER, Change.BodyCase.REMOVE_USER, Change.BodyCase.REVOKE_TOKEN,
        Change.BodyCase.RENAME_HOST, Change.BodyCase.SET_ALLOWANCE, Change.BodyCase.REMOVE_HOST,
        Change.BodyCase.DECLARE_HOST_DEAD);
    for (Change.BodyCase own : new Change.BodyCase[] {Change.BodyCase.INIT_CLUSTER, Change.BodyCase.JOIN_HOST,
        Change.BodyCase.JOIN_USER, Change.BodyCase.RELEASE_VOLUME, Change.BodyCase.NOTE_REFUSAL,
        Change.BodyCase.NOTE_EVENT, Change.BodyCase.MARK_LEG_STALE, Change.BodyCase.FILL_LEG, Change.BodyCase.NOTE_LEG_FILLED,
        Change.BodyCase.FINISH_LEG, Change.BodyCase.REPLACE_LEG, Change.BodyCase.SLOT_RECONCILED,
        Change.BodyCase.MOVE_LEG, Change.BodyCase.END_MOVES, Change.BodyCase.FREE_TAIL,
        Change.BodyCase.ADD_SNAPSHOT_AREA, Change.BodyCase.DROP_SNAPSHOT_AREAS, Change.BodyCase.END_RESTORE}) CHANGES.put(own, NOBODY);
    CHANGES.put(Change.BodyCase.ADD_LEG, instead("ask with AddLegTo: the server recalls the volume from its hosts first"));
    CHANGES.put(Change.BodyCase.DROP_LEG, instead("ask with DropLegOf: the server recalls the volume from its hosts first"));
    CHANGES.put(Change.BodyCase.TAKE_SNAPSHOT, instead("ask with SnapshotVolumes: the server recalls the volumes from their hosts first"));
    CHANGES.put(Change.BodyCase.CREATE_TOKEN, instead("ask for a token with MakeToken: the server makes the secret"));
    CHANGES.put(Change.BodyCase.ADD_DISK, instead("ask with AddDisks: the server writes the label"));
    CHANGES.put(Change.BodyCase.REMOVE_DISK, instead("ask with RemoveDiskAndErase: the server erases the label"));
    CHANGES.put(Change.BodyCase.IMPORT_POOL, instead("ask with ImportPoolFrom: the server reads the disks itself"));
  }

  private Permissions() {}

  private static void call(Role least, boolean hosts, Call.BodyCase... cases) {
    for (Call.BodyCase c : cases) CALLS.put(c, new Rule(least, hosts, ""));
  }

  private static void change(Role least, boolean hosts, Change.BodyCase... cases) {
    for (Change.BodyCase c : cases) CHANGES.put(c, new Rule(least, hosts, ""));
  }

  private static Rule instead(String text) {
    return new Rule(null, false, text);
  }

  /** Any thread: null if a user of this role may ask this, otherwise why not. */
  public static String refusalOfUser(Role role, Call call) {
    Rule rule = rule(call);
    if (rule == null) return "the call is not known";
    if (rule.least == null) return rule.instead;
    if (role == Role.ROLE_UNSPECIFIED || role == Role.UNRECOGNIZED || role.getNumber() < rule.least.getNumber()) {
      return "it takes the role " + word(rule.least) + ", and yours is " + word(role);
    }
    return null;
  }

  /** Any thread: null if a host may ask this of what is its own, otherwise why not. */
  public static String refusalOfHost(Call call) {
    Rule rule = rule(call);
    if (rule == null) return "the call is not known";
    return rule.hosts ? null : "a host may not ask this; it takes a user";
  }

  private static Rule rule(Call call) {
    return call.hasChange() ? CHANGES.get(call.getChange().getBodyCase()) : CALLS.get(call.getBodyCase());
  }

  private static String word(Role role) {
    return role == Role.ROLE_UNSPECIFIED ? "none" : role.name().toLowerCase(java.util.Locale.ROOT);
  }
}
