package sluice.console.core.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.console.core.verdict.Action;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.Sample;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.DiskBytes;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.MovedLeg;
import sluice.protocol.v1.MovePlan;
import sluice.protocol.v1.PlannedMove;
import sluice.protocol.v1.PlannedVolume;
import sluice.protocol.v1.Redundancy;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.VolumeStatus;

class OperationsTest {
  private final SanView san = new Sample().held(VolumeStatus.Route.DIRECT, "").view();

  private static ObjectKey key(ObjectKey.Kind kind, String id) {
    return new ObjectKey(kind, id);
  }

  private static String finding(Operation o, String field) {
    return o.check().stream().filter(f -> f.field().equals(field)).map(Finding::text).findFirst().orElse("");
  }

  @Test
  void anEmptyFormPromptsAndDoesNotScold() {
    for (Action a : Action.values()) {
      for (Finding f : Operations.of(a, san, List.of()).check()) assertTrue(f.kind() != Finding.Kind.ERROR, a + ": " + f);
    }
  }

  @Test
  void everyOperationNamesItsFieldsOnceAndFindingsAreAboutThem() {
    for (Action a : Action.values()) {
      Operation o = Operations.of(a, san, List.of());
      Set<String> names = new HashSet<>();
      for (Field f : o.fields()) assertTrue(names.add(f.name()), a + " has " + f.name() + " twice");
      for (Finding f : o.check()) assertTrue(f.field().isEmpty() || names.contains(f.field()), a + ": " + f);
      assertEquals(a, o.action());
    }
  }

  @Test
  void aVolumeIsCreatedFromWhatWasTypedAndTheCommandLineSaysTheSame() {
    Operation o = Operations.of(Action.CREATE_VOLUME, san, List.of(key(ObjectKey.Kind.POOL, "p1")));
    o.set("name", "mail").set("size", "100").set("legs", "2");
    assertTrue(o.ready(), o.check().toString());
    Call call = o.call().build();
    assertEquals(CreateVolume.newBuilder().setName("mail").setPoolId("p1").setSizeBytes(100).setLegs(2).setStripes(1).build(), call.getChange().getCreateVolume());
    assertEquals("sluice volume create mail --size 100 --pool gold --legs 2", o.commandLine().toString());
  }

  @Test
  void whatIsWrongIsToldInWordsWithTheCorrectionAndNothingTypedIsLost() {
    Operation o = Operations.of(Action.CREATE_VOLUME, san, List.of(key(ObjectKey.Kind.POOL, "p1")));
    o.set("name", "Mail Box").set("size", "12 parsecs").set("legs", "7");
    assertEquals("A name is made of a-z, 0-9, '-', '_' and '.', and begins with a letter or digit; try 'mail-box'.", finding(o, "name"));
    assertEquals("'12 parsecs' is not a size; write it like 512M, 10G or 1.5T.", finding(o, "size"));
    assertEquals("'7' is no number from 1 to 4.", finding(o, "legs"));
    assertEquals("Mail Box", o.get("name"));
    o.set("name", "v1").set("size", "400").set("legs", "2");
    assertEquals("There is a volume 'v1' already; choose another name.", finding(o, "name"));
    assertEquals("Pool gold has 700 B free, and this takes 2 copies of 400 B; give at most 350 B.", finding(o, "size"));
  }

  @Test
  void whatIsDestroyedIsNamedOnceMore() {
    Operation o = Operations.of(Action.DELETE_VOLUME, san, List.of(key(ObjectKey.Kind.VOLUME, "v2")));
    assertEquals("Type 'v2' to say that you mean it.", finding(o, "confirm"));
    o.set("confirm", "v1");
    assertFalse(o.ready());
    o.set("confirm", "v2");
    assertTrue(o.ready());
    for (Action a : Action.values()) {
      boolean asks = Operations.of(a, san, List.of()).fields().stream().anyMatch(f -> f.kind() == Field.Kind.CONFIRM);
      assertEquals(a.destructive(), asks, a + " takes something away, or asks for a name in vain");
    }
  }

  @Test
  void aVolumeInUseIsNotDeletedAndTheSanThatGoesOnIsLookedAt() {
    Operation o = Operations.of(Action.DELETE_VOLUME, san, List.of(key(ObjectKey.Kind.VOLUME, "v1"))).set("confirm", "v1");
    assertEquals("Volume v1 is attached to web; detach it first.", finding(o, "volume"));
    o.look(new Sample().view());
    assertTrue(o.ready());
  }

  @Test
  void detachIsSeededWithTheOnlyHolder() {
    Operation o = Operations.of(Action.DETACH, san, List.of(key(ObjectKey.Kind.VOLUME, "v1")));
    assertEquals("h1", o.get("host"));
    assertEquals("sluice volume detach v1 web", o.commandLine().toString());
  }

  @Test
  void anAttachWithoutAGrantGrantsFirstAndSaysSo() {
    Operation o = Operations.of(Action.ATTACH, san, List.of(key(ObjectKey.Kind.VOLUME, "v2"), key(ObjectKey.Kind.HOST, "h1")));
    assertEquals("Host web may not do that with the volume yet; it is granted first.", finding(o, "read-only"));
    assertTrue(o.ready());
    assertEquals("v2", o.first().orElseThrow().getChange().getPutGrant().getVolumeId());
    assertEquals("sluice volume grant v2 web && sluice volume attach v2 web", o.commandLine().toString());
    Operation granted = Operations.of(Action.ATTACH, new Sample().view(), List.of(key(ObjectKey.Kind.VOLUME, "v1"), key(ObjectKey.Kind.HOST, "h1")));
    granted.look(grantedOnly());
    assertTrue(granted.first().isEmpty());
    assertEquals("sluice volume attach v1 web", granted.commandLine().toString());
  }

  private static SanView grantedOnly() {
    Sample s = new Sample().held(VolumeStatus.Route.DIRECT, "");
    s.picture.getVolumesBuilder(0).clearAttachments();
    return s.view();
  }

  @Test
  void movesAreAskedForAndTheirPlanIsToldInWords() {
    Operation o = Operations.of(Action.EVACUATE_DISK, san, List.of(key(ObjectKey.Kind.DISK, "d2")));
    assertTrue(o.ready(), o.check().toString());
    assertEquals("d2", o.planCall().orElseThrow().getPlanMoves().getChange().getEvacuateDisk().getDiskId());
    assertEquals("d2", o.call().getChange().getEvacuateDisk().getDiskId());
    assertEquals("sluice disk evacuate d2", o.commandLine().toString());
    MovePlan plan = MovePlan.newBuilder().setBytes(100).addMoves(MovedLeg.newBuilder().setVolumeId("v2").setLeg(1).setBytes(100).addFromDiskIds("d2").addToDiskIds("d1")
        .setCopiesBefore(1).setCopiesDuring(1).setCopiesAfter(1).setLayoutBefore("linear").setLayoutAfter("linear")).build();
    Plan p = o.plan(Reply.newBuilder().setMovePlan(plan).build());
    assertEquals("Copy 1 of volume v2: 100 B from d2 to d1.", p.steps().get(1));
    assertEquals(List.of(0, 0, 0), List.of(p.before(), p.during(), p.after()));
    Plan refused = o.plan(Reply.newBuilder().setMovePlan(MovePlan.newBuilder().setProblem(Problem.newBuilder().setWhat("disk d2 cannot be evacuated").setWhy("there is no room"))).build());
    assertEquals("Disk d2 cannot be evacuated: there is no room.", refused.refusal());
  }

  @Test
  void aDiskIsReplacedByOneThatIsFreeOrInItsPoolAndNotByItself() {
    Operation o = Operations.of(Action.REPLACE_DISK, san, List.of(key(ObjectKey.Kind.DISK, "d1"))).set("to", "d1");
    assertEquals("Disk d1 is the one that goes; choose another one.", finding(o, "to"));
    o.set("to", "d2");
    assertTrue(o.ready());
    assertEquals("sluice disk replace d1 d2", o.commandLine().toString());
    o.look(new Sample().lost("d2").view());
    assertEquals("Disk d2 cannot be reached; choose another one.", finding(o, "to"));
  }

  @Test
  void stripesThatAVolumeHasAlreadyAreNotAskedFor() {
    Operation o = Operations.of(Action.RELAYOUT_VOLUME, san, List.of(key(ObjectKey.Kind.VOLUME, "v1"))).set("stripes", "1");
    assertEquals("It has so many stripes already; give another number.", finding(o, "stripes"));
    o.set("stripes", "2").set("stripe-unit", "128k");
    assertEquals(131072, o.call().getChange().getRelayoutVolume().getStripeUnitBytes());
    assertEquals("sluice volume relayout v1 --stripes 2 --stripe-unit 128k", o.commandLine().toString());
  }

  @Test
  void theLastCopyInSyncCannotBeChosenToGo() {
    SanView stale = new Sample().leg(LegInfo.State.STALE).view();
    Operation o = Operations.of(Action.DROP_LEG, stale, List.of(key(ObjectKey.Kind.VOLUME, "v1"))).set("leg", "v1d1").set("confirm", "v1");
    assertEquals("This copy cannot go: it is the last one in sync.", finding(o, "leg"));
    o.set("leg", "v1d2");
    assertTrue(o.ready());
    assertEquals("sluice volume drop-leg v1 2", o.commandLine().toString());
    assertEquals("v1d2", o.planCall().orElseThrow().getPlanChange().getCall().getDropLeg().getLegId());
  }

  @Test
  void theServersPlanIsToldInWordsWithTheLeastRedundancy() {
    Operation o = Operations.of(Action.RESIZE_VOLUME, san, List.of(key(ObjectKey.Kind.VOLUME, "v1"))).set("size", "200");
    assertEquals(200, o.planCall().orElseThrow().getPlanChange().getCall().getResize().getSizeBytes());
    ChangePlan plan = ChangePlan.newBuilder().addVolumes(PlannedVolume.newBuilder().setVolumeName("v1").setSizeBeforeBytes(100).setSizeAfterBytes(200)
        .addMoves(PlannedMove.newBuilder().setLeg(1).addTo(DiskBytes.newBuilder().setDiskName("d1").setBytes(100)))
        .setBefore(Redundancy.newBuilder().setDisksMayFail(1)).setDuring(Redundancy.newBuilder().setDisksMayFail(0)).setAfter(Redundancy.newBuilder().setDisksMayFail(1)))
        .addNotes("host web is recalled").build();
    Plan p = o.plan(Reply.newBuilder().setChangePlan(plan).build());
    assertEquals(List.of("Volume v1 goes from 100 B to 200 B.", "Copy 1 of volume v1 takes 100 B on disk d1.", "host web is recalled"), p.steps());
    assertEquals(List.of(1, 0, 1), List.of(p.before(), p.during(), p.after()));
    assertTrue(p.possible());
  }

  @Test
  void aVolumeBecomesSmallerOnlyForWhoTypesItsName() {
    Operation o = Operations.of(Action.RESIZE_VOLUME, san, List.of(key(ObjectKey.Kind.VOLUME, "v1"))).set("size", "50");
    assertEquals("Type 'v1' to say that you mean it.", finding(o, "confirm"));
    o.set("confirm", "v1");
    assertTrue(o.ready());
    assertEquals("sluice volume resize v1 --size 50 --confirm v1", o.commandLine().toString());
    assertEquals("v1", o.call().getResize().getConfirmName());
  }

  @Test
  void rolesSayWhatTheyMayNotAndWhy() {
    assertEquals("It takes the role operator, and yours is viewer.", Operations.whyNot(Action.CREATE_VOLUME, san, Role.VIEWER, key(ObjectKey.Kind.POOL, "p1")).orElseThrow());
    assertTrue(Operations.whyNot(Action.CREATE_VOLUME, san, Role.OPERATOR, key(ObjectKey.Kind.POOL, "p1")).isEmpty());
    assertTrue(Operations.whyNot(Action.JOIN_HOST, san, Role.OPERATOR, key(ObjectKey.Kind.CLUSTER, "c")).isPresent());
    assertEquals("It is attached to web; detach it first.", Operations.whyNot(Action.DELETE_VOLUME, san, Role.ADMIN, key(ObjectKey.Kind.VOLUME, "v1")).orElseThrow());
    assertEquals("It answers.", Operations.whyNot(Action.DECLARE_DEAD, san, Role.ADMIN, key(ObjectKey.Kind.HOST, "h1")).orElseThrow());
  }

  @Test
  void wordsAreQuotedForAShell() {
    assertEquals("sluice disk add 'nbd+unix:///e?socket=/a b' --name 'it'\\''s'", new CommandLine("disk", "add", "nbd+unix:///e?socket=/a b", "--name", "it's").toString());
    assertEquals("''", CommandLine.quoted(""));
  }

  @Test
  void aRefusalIsToldWithCauseAndCorrection() {
    Refusal r = Refusal.of(new CompletionException(new SluiceException(ErrorCode.NO_SPACE, "volume v9 cannot be placed", "there is no room", "add disks")));
    assertEquals("Volume v9 cannot be placed: there is no room.\nAdd disks.", r.text());
    assertFalse(r.retry());
  }
}
