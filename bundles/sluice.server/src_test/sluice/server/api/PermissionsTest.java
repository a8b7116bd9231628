package sluice.server.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Role;

class PermissionsTest {
  /** Who may, in the order viewer, operator, admin, host; as the schema's comments on roles have it. */
  private static final Map<String, String> TABLE = new TreeMap<>(Map.ofEntries(
      Map.entry("get_picture", "VOAH"), Map.entry("watch", "VOAH"), Map.entry("plan_volume", "VOAH"),
      Map.entry("plan_change", "VOAH"), Map.entry("resize", "-OAH"),
      Map.entry("list_events", "VOA-"), Map.entry("list_audit", "VOA-"), Map.entry("scan_disks", "-OA-"),
      Map.entry("add_disks", "-OA-"), Map.entry("import_pool", "-OA-"), Map.entry("remove_disk", "-OA-"),
      Map.entry("recheck_disks", "-OA-"), Map.entry("attach", "-OAH"), Map.entry("detach", "-OAH"), Map.entry("make_token", "--A-"),
      Map.entry("change.init_cluster", "----"), Map.entry("change.put_user", "--A-"), Map.entry("change.remove_user", "--A-"),
      Map.entry("change.create_token", "----"), Map.entry("change.revoke_token", "--A-"), Map.entry("change.join_host", "----"),
      Map.entry("change.join_user", "----"), Map.entry("change.rename_host", "--A-"), Map.entry("change.set_allowance", "--A-"),
      Map.entry("change.remove_host", "--A-"), Map.entry("change.declare_host_dead", "--A-"), Map.entry("change.add_disk", "----"),
      Map.entry("change.set_disk", "-OA-"), Map.entry("change.remove_disk", "----"), Map.entry("change.create_pool", "-OA-"),
      Map.entry("change.add_pool_disks", "-OA-"), Map.entry("change.rename_pool", "-OA-"), Map.entry("change.delete_pool", "-OA-"),
      Map.entry("change.export_pool", "-OA-"), Map.entry("change.import_pool", "----"), Map.entry("change.create_volume", "-OAH"),
      Map.entry("change.resize_volume", "-OAH"), Map.entry("change.rename_volume", "-OA-"), Map.entry("change.delete_volume", "-OAH"),
      Map.entry("change.set_volume_shared", "-OA-"), Map.entry("change.put_grant", "-OA-"), Map.entry("change.remove_grant", "-OA-"),
      Map.entry("change.attach_volume", "-OAH"), Map.entry("change.detach_volume", "-OAH"), Map.entry("change.release_volume", "----"),
      Map.entry("change.note_refusal", "----"), Map.entry("change.note_event", "----"), Map.entry("add_leg", "-OA-"),
      Map.entry("drop_leg", "-OA-"), Map.entry("recover", "-OA-"), Map.entry("change.set_pool_recovery", "-OA-"),
      Map.entry("change.control_task", "-OA-"), Map.entry("change.mark_leg_stale", "----"), Map.entry("change.fill_leg", "----"),
      Map.entry("change.note_leg_filled", "----"), Map.entry("change.finish_leg", "----"), Map.entry("change.replace_leg", "----"),
      Map.entry("change.add_leg", "----"), Map.entry("change.drop_leg", "----"), Map.entry("change.slot_reconciled", "----"),
      Map.entry("change.free_tail", "----"), Map.entry("change.evacuate_disk", "-OA-"), Map.entry("change.relayout_volume", "-OA-"),
      Map.entry("change.rebalance_pool", "-OA-"), Map.entry("change.replace_disk", "-OA-"), Map.entry("change.move_leg", "----"),
      Map.entry("change.end_moves", "----"), Map.entry("plan_moves", "-OA-"), Map.entry("snapshot_volumes", "-OA-"),
      Map.entry("diff_snapshots", "VOA-"), Map.entry("snapshot_usage", "VOA-"), Map.entry("change.take_snapshot", "----"),
      Map.entry("change.delete_snapshot", "-OA-"), Map.entry("change.add_snapshot_area", "----"), Map.entry("change.drop_snapshot_areas", "----"),
      Map.entry("change.restore_volume", "-OA-"), Map.entry("change.end_restore", "----")));

  private static String who(Call call) {
    StringBuilder s = new StringBuilder();
    for (Role role : List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN)) {
      s.append(Permissions.refusalOfUser(role, call) == null ? role.name().charAt(0) : '-');
    }
    return s.append(Permissions.refusalOfHost(call) == null ? 'H' : '-').toString();
  }

  @Test
  void everyKindOfCallAndChangeIsAllowedToThoseInTheTableAndNobodyElse() {
    Map<String, String> found = new TreeMap<>();
    for (FieldDescriptor f : Call.getDescriptor().getOneofs().get(0).getFields()) {
      if (f.getName().equals("change")) continue;
      found.put(f.getName(), who(Call.newBuilder().setField(f, Call.newBuilder().newBuilderForField(f).build()).build()));
    }
    for (FieldDescriptor f : Change.getDescriptor().getOneofs().get(0).getFields()) {
      Change change = Change.newBuilder().setField(f, Change.newBuilder().newBuilderForField(f).build()).build();
      found.put("change." + f.getName(), who(Call.newBuilder().setChange(change).build()));
    }
    assertEquals(TABLE, found);
  }

  @Test
  void nobodyMayAskForNothingAndWhoHasNoRoleMayAskForNothing() {
    assertNotNull(Permissions.refusalOfUser(Role.ADMIN, Call.getDefaultInstance()));
    assertNotNull(Permissions.refusalOfUser(Role.ADMIN, Call.newBuilder().setChange(Change.getDefaultInstance()).build()));
    assertNotNull(Permissions.refusalOfHost(Call.getDefaultInstance()));
    assertNotNull(Permissions.refusalOfUser(Role.ROLE_UNSPECIFIED, Call.newBuilder().setGetPicture(
        sluice.protocol.v1.GetPicture.getDefaultInstance()).build()));
  }
}
