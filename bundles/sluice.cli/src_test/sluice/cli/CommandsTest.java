package sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import sluice.protocol.v1.Attached;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.TokenMade;

class CommandsTest {
  private final FakeCluster cluster = new FakeCluster();

  private String ok(String... args) {
    assertEquals(0, cluster.run(args), cluster.err());
    return cluster.out();
  }

  private Change changed(String... args) {
    ok(args);
    return cluster.last().getChange();
  }

  @Test
  void aVolumeIsCreatedAsAsked() {
    CreateVolume c = changed("volume", "create", "v9", "--size", "1.5G", "--pool", "gold", "--stripes", "2", "--stripe-unit", "128k").getCreateVolume();
    assertEquals(CreateVolume.newBuilder().setName("v9").setPoolId("p-1").setSizeBytes(3L << 29).setStripes(2).setStripeUnitBytes(128 << 10).build(), c);
    assertEquals("volume v9 created: 1.5 GiB in pool gold, 2 stripes\nnote: disk d2 is behind\n", cluster.out());
  }

  @Test
  void withJsonAChangeAnswersItsRevision() {
    assertTrue(ok("volume", "delete", "v2", "-o", "json").contains("\"revision\": 7"));
    assertEquals("v-2", cluster.last().getChange().getDeleteVolume().getVolumeId());
  }

  @Test
  void attachingPrintsTheUriAlone() {
    cluster.answer = call -> Reply.newBuilder().setAttached(Attached.newBuilder().setHeld(true).setNbdUri("nbd+unix:///v2?socket=/x")).build();
    assertEquals("nbd+unix:///v2?socket=/x\n", ok("volume", "attach", "v2", "h1", "--wait", "5s"));
    assertEquals(5000, cluster.last().getAttach().getWaitMs());
    assertTrue(ok("volume", "attach", "v2", "h1", "-o", "json").contains("\"uri\": \"nbd+unix:///v2?socket=/x\""));
  }

  @Test
  void attachingThatIsNotTakenInTimeEndsWithTheReason() {
    cluster.answer = call -> Reply.newBuilder().setAttached(Attached.newBuilder().setNote("host h2 is offline")).build();
    assertEquals(11, cluster.run("volume", "attach", "v2", "h2"));
    assertTrue(cluster.err().contains("host h2 is offline"), cluster.err());
  }

  @Test
  void underAHostsIdentityTheHostNeedsNoName() {
    cluster.picture = cluster.picture.toBuilder().removeHosts(1).build();
    cluster.answer = call -> Reply.newBuilder().setAttached(Attached.newBuilder().setHeld(true)).build();
    ok("volume", "attach", "v1", "--identity", "/var/lib/a");
    assertEquals(Path.of("/var/lib/a"), cluster.identity);
    assertEquals("h-1", cluster.last().getAttach().getAttach().getHostId());
  }

  @Test
  void everyVerbOfChangeSendsItsChange() {
    Map<String, Change.BodyCase> verbs = new HashMap<>();
    verbs.put("volume rename v1 v9", Change.BodyCase.RENAME_VOLUME);
    verbs.put("volume share v1", Change.BodyCase.SET_VOLUME_SHARED);
    verbs.put("volume grant v1 h2 --read-only", Change.BodyCase.PUT_GRANT);
    verbs.put("volume revoke v1 h2", Change.BodyCase.REMOVE_GRANT);
    verbs.put("pool create silver d1 d2", Change.BodyCase.CREATE_POOL);
    verbs.put("pool add gold d2", Change.BodyCase.ADD_POOL_DISKS);
    verbs.put("pool rename gold silver", Change.BodyCase.RENAME_POOL);
    verbs.put("pool delete gold", Change.BodyCase.DELETE_POOL);
    verbs.put("pool export gold", Change.BodyCase.EXPORT_POOL);
    verbs.put("disk set d1 --domain shelf1", Change.BodyCase.SET_DISK);
    verbs.put("host remove h2", Change.BodyCase.REMOVE_HOST);
    verbs.put("host rename h2 h9", Change.BodyCase.RENAME_HOST);
    verbs.put("host declare-dead h2 --confirm h2", Change.BodyCase.DECLARE_HOST_DEAD);
    verbs.put("host allow h2 --pool gold --max 1G", Change.BodyCase.SET_ALLOWANCE);
    verbs.put("user add eva --role operator", Change.BodyCase.PUT_USER);
    verbs.put("user set admin --role viewer", Change.BodyCase.PUT_USER);
    verbs.put("user remove admin", Change.BodyCase.REMOVE_USER);
    verbs.forEach((line, body) -> assertEquals(body, changed(line.split(" ")).getBodyCase(), line));
  }

  @Test
  void everyOtherVerbSendsItsCall() {
    cluster.answer = call -> call.getBodyCase() == Call.BodyCase.MAKE_TOKEN
        ? Reply.newBuilder().setToken(TokenMade.newBuilder().setToken("sluice1-abc").setExpiresMs(1)).build() : Reply.getDefaultInstance();
    Map<String, Call.BodyCase> verbs = new HashMap<>();
    verbs.put("volume create v9 --size 1G --pool gold --plan", Call.BodyCase.PLAN_VOLUME);
    verbs.put("volume detach v1 h1", Call.BodyCase.DETACH);
    verbs.put("volume resize v1 --size 2G", Call.BodyCase.RESIZE);
    verbs.put("disk scan", Call.BodyCase.SCAN_DISKS);
    verbs.put("disk add /srv/d9.img --name d9", Call.BodyCase.ADD_DISKS);
    verbs.put("disk remove d1", Call.BodyCase.REMOVE_DISK);
    verbs.put("disk recheck", Call.BodyCase.RECHECK_DISKS);
    verbs.put("pool import /srv/d1.img --take-over", Call.BodyCase.IMPORT_POOL);
    verbs.put("host token h9", Call.BodyCase.MAKE_TOKEN);
    verbs.put("user token admin", Call.BodyCase.MAKE_TOKEN);
    verbs.put("event list", Call.BodyCase.LIST_EVENTS);
    verbs.put("audit list", Call.BodyCase.LIST_AUDIT);
    verbs.forEach((line, body) -> {
      ok(line.split(" "));
      assertEquals(body, cluster.last().getBodyCase(), line);
    });
  }

  @Test
  void aQuietTokenIsTheTokenAlone() {
    cluster.answer = call -> Reply.newBuilder().setToken(TokenMade.newBuilder().setToken("sluice1-abc")).build();
    assertEquals("sluice1-abc\n", ok("host", "token", "h9", "-q"));
  }

  @Test
  void aBarePathIsAFileOrBelowDevABlockDevice() {
    ok("disk", "add", "/srv/d.img", "/dev/sdb");
    assertEquals(List.of("file:/srv/d.img", "dev:/dev/sdb"), cluster.last().getAddDisks().getDisksList().stream().map(d -> d.getUri()).toList());
  }

  @Test
  void statusShowsRouteReasonAndSinceAndEveryNetwork() {
    String status = ok("status");
    assertTrue(status.contains("server      2026-11-22") || status.contains("server  2026-11-22"), status);
    assertTrue(status.contains("disk d1: the disk reported an I/O error"), status);
    assertTrue(status.contains("10.1.0.1:7440  down") && status.contains("connection refused"), status);
    assertTrue(status.contains("h2    offline"), status);
  }

  @Test
  void theRouteOfAVolumeOnEachHostIsThereForScripts() {
    String json = ok("volume", "show", "v1", "-o", "json");
    for (String line : List.of("\"host\": \"h1\"", "\"route\": \"server\"", "\"held\": true", "\"pool\": \"gold\"", "\"uri\": \"nbd+unix:///v1?socket=/x/v1.sock\"")) {
      assertTrue(json.contains(line), json);
    }
  }

  @Test
  void theRouteOnAHostThatIsOfflineIsSaidToBeTheLastThatIsKnown() {
    Picture.Builder p = cluster.picture.toBuilder();
    p.getHostStatusBuilder(0).setState(HostStatus.State.OFFLINE);
    cluster.picture = p.build();
    String shown = ok("volume", "show", "v1");
    assertTrue(shown.contains("server when it was last heard of: the host is offline since"), shown);
    assertFalse(shown.contains("route    server since"), shown);
    assertTrue(ok("volume", "list").contains("the route is the last that it told"));
  }

  @Test
  void aVolumeOfOneLegIsHealthyAsLongAsItsDisksAreReached() {
    assertTrue(HealthCommand.checks(cluster.picture).stream().anyMatch(c -> c.getName().equals("volume v2") && c.getGood()));
    Picture.Builder p = cluster.picture.toBuilder();
    p.getDiskStatusBuilder(0).setState(DiskStatus.State.OFFLINE);
    assertTrue(HealthCommand.checks(p.build()).stream().anyMatch(c -> c.getName().equals("volume v2") && !c.getGood() && c.getText().contains("disk d1")));
  }

  @Test
  void aVolumeThatTheHostHasNotTakenYetIsNotCalledDirect() {
    cluster.picture = cluster.picture.toBuilder().clearVolumeStatus().build();
    String list = ok("volume", "list");
    assertTrue(list.contains("unknown") && list.contains("the host has not taken it yet"), list);
  }

  @Test
  void spaceAddsUp() {
    String pools = ok("pool", "list", "-o", "json");
    assertTrue(pools.contains("\"total_bytes\": 21474836480") && pools.contains("\"allocated_bytes\": 2147483648") && pools.contains("\"free_bytes\": 19327352832"), pools);
    String disk = ok("disk", "show", "d1", "-o", "json");
    assertTrue(disk.contains("\"usable_bytes\": 10737418240") && disk.contains("\"allocated_bytes\": 2147483648") && disk.contains("\"free_bytes\": 8589934592"), disk);
  }

  @Test
  void everyListAndShowWorksForPeopleAndForScripts() {
    for (String line : List.of("status", "volume list", "volume show v1", "pool list", "pool show gold", "disk list", "disk show d1", "host list", "host show h1", "user list", "version")) {
      assertTrue(!ok(line.split(" ")).isBlank(), line);
      String json = ok((line + " -o json").split(" "));
      assertTrue(json.startsWith("{") || json.startsWith("["), json);
    }
  }

  @Test
  void healthIsNotGoodWhileAHostADiskOrARouteIsNot() {
    assertEquals(1, cluster.run("health"));
    String out = cluster.out();
    assertTrue(out.contains("cluster lab is not healthy") && out.contains("volume v1 on h1") && out.contains("disk d2") && out.contains("host h2"), out);
  }

  @Test
  void eventsAreFollowedAsTheyCome() {
    cluster.events.add(Event.newBuilder().setNumber(1).setTimeMs(1_795_356_187_000L).setText("volume v1 is rerouted").build());
    assertTrue(ok("event", "follow", "--count", "1").contains("volume v1 is rerouted"));
    String json = ok("event", "follow", "--count", "1", "-o", "json");
    assertEquals(1, json.lines().count(), json);
  }

  @Test
  void whatTheServerSendsByIdIsShownByName() {
    Picture mixed = cluster.picture.toBuilder().setDisks(0, cluster.picture.getDisks(1)).setDisks(1, cluster.picture.getDisks(0)).build();
    assertEquals(cluster.picture, ByName.sorted(mixed));
  }

  @Test
  void everyCommandHasADescriptionAndExamples() {
    check(Main.commandLine(cluster.context()));
  }

  private static void check(CommandLine cmd) {
    var usage = cmd.getCommandSpec().usageMessage();
    String name = cmd.getCommandSpec().qualifiedName();
    assertTrue(usage.description().length > 0, name + " has no description");
    assertTrue(usage.footer().length > 0, name + " has no examples");
    for (var option : cmd.getCommandSpec().options()) assertTrue(option.description().length > 0, name + " " + option.longestName());
    for (var p : cmd.getCommandSpec().positionalParameters()) assertTrue(p.description().length > 0, name + " " + p.paramLabel());
    cmd.getSubcommands().values().forEach(CommandsTest::check);
  }
}
