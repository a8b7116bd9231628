package sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.HostPort;
import sluice.net.pki.Authority;
import sluice.net.pki.Identity;
import sluice.net.pki.PeerIdentity;
import sluice.net.pki.Subject;
import sluice.protocol.v1.Welcome;

class ProfilesTest {
  private static final List<HostPort> ADDRESSES = HostPort.parseList("10.0.0.1:7440,[fd00::1]:7440");
  private final Authority authority = Authority.create("c", Clock.systemUTC());
  private final Identity admin = authority.identity(Subject.user("c1", "admin"));

  @TempDir Path dir;
  private Profiles profiles;

  @BeforeEach
  void make() {
    profiles = new Profiles(dir.resolve("config"));
  }

  @Test
  void whatWasCreatedIsFoundAgain() {
    profiles.create("prod", admin, "Production \\ Süd = 1", ADDRESSES);
    ClusterProfile found = profiles.get("prod");
    assertEquals("c1", found.clusterId());
    assertEquals("Production \\ Süd = 1", found.clusterName());
    assertEquals(PeerIdentity.Kind.USER, found.kind());
    assertEquals("admin", found.id());
    assertEquals(ADDRESSES, found.addresses());
    assertEquals(admin.self(), found.identity().self());
  }

  @Test
  void nobodyElseCanReadIt() throws Exception {
    profiles.create("prod", admin, "c", ADDRESSES);
    try (Stream<Path> all = Files.walk(dir.resolve("config"))) {
      for (Path p : all.toList()) {
        String expected = Files.isDirectory(p) ? "rwx------" : "rw-------";
        assertEquals(expected, PosixFilePermissions.toString(Files.getPosixFilePermissions(p)), p.toString());
      }
    }
  }

  @Test
  void theFirstIsTheCurrentOneUntilAnotherIsChosen() {
    assertEquals(Optional.empty(), profiles.current());
    profiles.create("a", admin, "c", ADDRESSES);
    profiles.create("b", admin, "c", ADDRESSES);
    assertEquals(Optional.of("a"), profiles.current());
    profiles.use("b");
    assertEquals("b", profiles.requireCurrent().dir().getFileName().toString());
    profiles.remove("b");
    assertEquals(Optional.of("a"), profiles.current());
    assertEquals(List.of("a"), profiles.list());
  }

  @Test
  void withoutAChoiceAmongSeveralTheyAreNamed() {
    for (String name : List.of("a", "b", "c")) profiles.create(name, admin, "c", ADDRESSES);
    profiles.use("c");
    profiles.remove("c");
    SluiceException e = assertThrows(SluiceException.class, profiles::requireCurrent);
    assertEquals(ErrorCode.CONFLICT, e.code());
    assertTrue(e.why().contains("a, b"));
  }

  @Test
  void errorsSayWhatThereIs() {
    assertEquals(ErrorCode.NOT_FOUND, assertThrows(SluiceException.class, profiles::requireCurrent).code());
    profiles.create("prod", admin, "c", ADDRESSES);
    assertTrue(assertThrows(SluiceException.class, () -> profiles.get("prdo")).why().contains("prod"));
    assertThrows(SluiceException.class, () -> profiles.use("../prod"));
    assertEquals(ErrorCode.ALREADY_EXISTS, failure("prod").code());
    assertEquals(ErrorCode.INVALID_ARGUMENT, failure("../x").code());
  }

  @Test
  void halfOfAProfileIsNoneAndDoesNotStandInTheWay() throws Exception {
    Files.createDirectories(dir.resolve("config/clusters/prod/identity"));
    assertEquals(List.of(), profiles.list());
    profiles.create("prod", admin, "c", ADDRESSES);
    assertEquals(List.of("prod"), profiles.list());
  }

  @Test
  void anAgentsFolderIsAProfileToo() {
    Identity host = authority.identity(Subject.host("c1", "h1", "web"));
    Path agent = dir.resolve("agent");
    assertFalse(ClusterProfile.exists(agent));
    ClusterProfile.of(agent, host, "c", ADDRESSES).save(host);
    ClusterProfile loaded = ClusterProfile.load(agent);
    assertEquals(PeerIdentity.Kind.HOST, loaded.kind());
    assertEquals("web", loaded.name());
    loaded.withAddresses(HostPort.parseList("10.0.0.9:1")).save();
    assertEquals("10.0.0.9:1", ClusterProfile.load(agent).addresses().get(0).toString());
  }

  @Test
  void whatAServerTellsIsAddedBehindWhatIsKnown() {
    ClusterProfile known = profiles.create("prod", admin, "c", ADDRESSES);
    Welcome told = Welcome.newBuilder().addControlAddresses("10.0.9.9:7440").addControlAddresses("10.0.0.1:7440").build();
    assertEquals(
        HostPort.parseList("10.0.0.1:7440,[fd00::1]:7440,10.0.9.9:7440"), known.withLearned(told).addresses());
    assertEquals(known, known.withLearned(Welcome.getDefaultInstance()));
  }

  @Test
  void aDamagedFileIsNamedWithWhatIsWrong() throws Exception {
    profiles.create("prod", admin, "c", ADDRESSES);
    Path file = dir.resolve("config/clusters/prod/cluster.properties");
    for (String bad : List.of("", "cluster.id=c1", "\\u00zz", Files.readString(file).replace(":7440", ":x"))) {
      Files.writeString(file, bad);
      SluiceException e = assertThrows(SluiceException.class, () -> profiles.get("prod"), bad);
      assertEquals(ErrorCode.CORRUPT, e.code());
      assertTrue(e.getMessage().contains("cluster.properties"));
    }
  }

  @Test
  void theFolderFollowsTheEnvironment() {
    assertEquals(Path.of("/x"), Profiles.standardRoot(Map.of("SLUICE_CONFIG", "/x", "XDG_CONFIG_HOME", "/y"), "/h"));
    assertEquals(Path.of("/y/sluice"), Profiles.standardRoot(Map.of("XDG_CONFIG_HOME", "/y"), "/h"));
    assertEquals(Path.of("/h/.config/sluice"), Profiles.standardRoot(Map.of(), "/h"));
  }

  private SluiceException failure(String name) {
    return assertThrows(SluiceException.class, () -> profiles.create(name, admin, "c", ADDRESSES));
  }

  @Test
  void roomIsFoundOutBeforeAnythingIsUsedUpForIt() throws Exception {
    Profiles profiles = new Profiles(dir.resolve("room"));
    profiles.requireRoom("lab");
    assertEquals("lab", profiles.freeName("lab"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, assertThrows(SluiceException.class, () -> profiles.requireRoom("No Name")).code());
    Files.createFile(dir.resolve("file"));
    SluiceException e = assertThrows(SluiceException.class, () -> new Profiles(dir.resolve("file")).requireRoom(null));
    assertTrue(e.correction().contains("SLUICE_CONFIG"), e.getMessage());
  }
}
