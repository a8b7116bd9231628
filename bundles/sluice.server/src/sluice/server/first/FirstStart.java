package sluice.server.first;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.client.ClusterProfile;
import sluice.client.Profiles;
import sluice.core.catalog.CatalogView;
import sluice.net.HostPort;
import sluice.net.pki.Authority;
import sluice.net.pki.Identity;
import sluice.net.pki.Subject;
import sluice.protocol.Problems;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.InitCluster;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;
import sluice.server.changes.Changes;

/**
 * Makes a server's folder whole: ids, authority, identity, the cluster in the catalog, the first administrator's
 * credential. Each step looks at what is there and does what is missing, so the next start finishes what a crash cut
 * off; nothing is made twice.
 */
public final class FirstStart {
  /** The administrator that the first start makes. */
  public static final String ADMINISTRATOR = "admin";
  private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);

  private final Path dir;
  private final ServerFolder folder;
  private final Authority authority;
  private final Identity identity;
  private final Consumer<String> step;
  private final Path adminDir;

  private FirstStart(Path dir, ServerFolder folder, Authority authority, Identity identity, Consumer<String> step) {
    this.dir = dir;
    this.folder = folder;
    this.authority = authority;
    this.identity = identity;
    this.step = step;
    adminDir = dir.resolve("first-admin");
  }

  /** Ids, authority and this server's certificate. @param hosts names and addresses that tools may check it for */
  public static FirstStart identify(Path dir, String clusterName, List<String> hosts) {
    return identify(dir, clusterName, hosts, s -> {});
  }

  /** @param step is told after each step; a test throws there */
  static FirstStart identify(Path dir, String clusterName, List<String> hosts, Consumer<String> step) {
    ServerFolder folder = ServerFolder.openOrMake(dir, clusterName, System.currentTimeMillis());
    step.accept("ids");
    Path ca = dir.resolve("ca");
    if (!Authority.exists(ca)) {
      if (Files.exists(dir.resolve("catalog"))) {
        throw new SluiceException(ErrorCode.CORRUPT, "the cluster's authority is gone", ca + " is missing, and the catalog is there",
            "put the folder back from a backup", ca.toString());
      }
      Authority.create(folder.clusterName(), java.time.Clock.systemUTC()).save(ca);
    }
    Authority authority = Authority.load(ca);
    step.accept("authority");
    Identity identity = identity(dir.resolve("identity"), folder, authority, hosts);
    step.accept("identity");
    return new FirstStart(dir, folder, authority, identity, step);
  }

  private static Identity identity(Path at, ServerFolder folder, Authority authority, List<String> hosts) {
    if (Identity.exists(at)) {
      Identity there = Identity.load(at);
      if (hosts(there).equals(new TreeSet<>(hosts)) && there.id().equals(folder.serverId())) return there;
      LOG.info("this server's certificate is made anew: it listens elsewhere now");
    }
    Identity made = authority.identity(Subject.server(folder.clusterId(), folder.serverId(), folder.clusterName(), hosts));
    made.save(at);
    return made;
  }

  private static TreeSet<String> hosts(Identity identity) {
    TreeSet<String> hosts = new TreeSet<>();
    try {
      for (List<?> name : identity.certificate().getSubjectAlternativeNames()) {
        if (!name.get(0).equals(6)) hosts.add((String) name.get(1));
      }
    } catch (java.security.cert.CertificateParsingException e) {
      return hosts;
    }
    return hosts;
  }

  public ServerFolder folder() {
    return folder;
  }

  public Authority authority() {
    return authority;
  }

  public Identity identity() {
    return identity;
  }

  /** The catalog's folder. */
  public Path catalogDir() {
    return dir.resolve("catalog");
  }

  /** Where certificates of joiners are kept until their answers have arrived. */
  public Path issuedDir() {
    return dir.resolve("issued");
  }

  /** The first command, if the catalog is empty; before it, the administrator's key, for which it has to vouch. */
  public void initialise(CatalogEngine engine) {
    Optional<Cluster> cluster = engine.read(CatalogView::cluster);
    if (cluster.isPresent()) {
      if (!cluster.get().getId().equals(folder.clusterId())) {
        throw new SluiceException(ErrorCode.CORRUPT, "the catalog in " + dir + " is of another cluster", "the folder is of cluster "
            + folder.clusterId() + ", the catalog of " + cluster.get().getId(), "put both back from one backup", dir.toString());
      }
      return;
    }
    if (!Identity.exists(adminDir)) {
      authority.identity(Subject.user(folder.clusterId(), ADMINISTRATOR)).save(adminDir);
    }
    step.accept("administrator's key");
    Identity admin = Identity.load(adminDir);
    InitCluster init = InitCluster.newBuilder()
        .setCluster(Cluster.newBuilder().setId(folder.clusterId()).setName(folder.clusterName()).setCreatedMs(folder.createdMs()))
        .setAdministrator(User.newBuilder().setName(ADMINISTRATOR).setRole(Role.ADMIN)
            .addCertificateSha256(admin.self().certificateSha256()).setCreatedMs(folder.createdMs()))
        .build();
    Command command = Command.newBuilder().setRequestId("init-" + folder.clusterId()).setActor(Changes.SERVER)
        .setTimeMs(System.currentTimeMillis()).setChange(Change.newBuilder().setInitCluster(init)).build();
    CommandResult result = wait(engine, command);
    if (result.hasProblem()) throw Problems.exception(result.getProblem());
    LOG.info("made cluster {} ({})", folder.clusterName(), folder.clusterId());
    step.accept("cluster");
  }

  private static CommandResult wait(CatalogEngine engine, Command command) {
    try {
      return engine.submit(command).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SluiceException s) throw s;
      throw e;
    }
  }

  /**
   * The first administrator's credential into the command line's folder; then it is removed here.
   *
   * @param addresses of the server's networks
   * @return the profile's name, or null if that was done before
   */
  public String credential(Path config, List<HostPort> addresses) {
    if (!Identity.exists(adminDir)) return null;
    Identity admin = Identity.load(adminDir);
    Profiles profiles = new Profiles(config);
    profiles.requireRoom(null);
    String name = freeName(profiles, admin);
    if (!profiles.list().contains(name)) profiles.create(name, admin, folder.clusterName(), addresses);
    step.accept("credential");
    removeAdminDir();
    step.accept("done");
    return name;
  }

  /** The cluster's name; with a number if another cluster has it. One that holds this very credential was written before a crash. */
  private String freeName(Profiles profiles, Identity admin) {
    List<String> taken = profiles.list();
    String name = folder.clusterName();
    for (int n = 2; taken.contains(name) && !holds(profiles, name, admin); n++) name = folder.clusterName() + "-" + n;
    return name;
  }

  private static boolean holds(Profiles profiles, String name, Identity admin) {
    try {
      ClusterProfile profile = profiles.get(name);
      return profile.identity().self().certificateSha256().equals(admin.self().certificateSha256());
    } catch (SluiceException e) {
      return false;
    }
  }

  /** The certificate first: without it the folder is no identity, so what is left after a crash is only litter. */
  private void removeAdminDir() {
    try {
      Files.deleteIfExists(adminDir.resolve("client-cert.pem"));
      try (var files = Files.newDirectoryStream(adminDir)) {
        for (Path f : files) Files.delete(f);
      }
      Files.delete(adminDir);
    } catch (IOException e) {
      LOG.warn("{} could not be removed: {}", adminDir, e.toString());
    }
  }
}
