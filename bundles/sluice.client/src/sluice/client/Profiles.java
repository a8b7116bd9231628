package sluice.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.HostPort;
import sluice.net.pki.Identity;
import sluice.net.pki.PrivateFiles;

/**
 * The command line's config folder: {@code clusters/NAME/}, each a {@link ClusterProfile}, and {@code current}.
 *
 * <p>Every change is one rename, durable on return; a crash leaves the old state. Methods block; any thread.
 */
public final class Profiles {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final int MAX_NAME_BYTES = 256;

  private final Path root;

  public Profiles(Path root) {
    this.root = root;
  }

  /** {@code $SLUICE_CONFIG}, else {@code $XDG_CONFIG_HOME/sluice}, else {@code ~/.config/sluice}. */
  public static Profiles standard() {
    return new Profiles(standardRoot(System.getenv(), System.getProperty("user.home")));
  }

  static Path standardRoot(Map<String, String> environment, String home) {
    String own = environment.getOrDefault("SLUICE_CONFIG", "");
    if (!own.isEmpty()) return Path.of(own);
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    return (xdg.isEmpty() ? Path.of(home, ".config") : Path.of(xdg)).resolve("sluice");
  }

  public Path root() {
    return root;
  }

  /** Names of the clusters, sorted. */
  public List<String> list() {
    Path clusters = root.resolve("clusters");
    if (Files.isDirectory(root) && !Files.isExecutable(root)) {
      throw new SluiceException(ErrorCode.FORBIDDEN, "cannot look into " + root, "this user has no permission",
          "run as the folder's owner, or choose another folder with SLUICE_CONFIG", root.toString());
    }
    if (!Files.isDirectory(clusters)) return List.of();
    try (Stream<Path> found = Files.list(clusters)) {
      return found
          .filter(ClusterProfile::exists)
          .map(p -> p.getFileName().toString())
          .filter(n -> NAME.matcher(n).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw PrivateFiles.failure("cannot list the clusters in " + clusters, e, clusters);
    }
  }

  /** @throws SluiceException NOT_FOUND that names those there are; CORRUPT */
  public ClusterProfile get(String name) {
    requireKnown(name);
    return ClusterProfile.load(dir(name));
  }

  /** Name of the cluster that commands go to: the one chosen, or the only one there is. */
  public Optional<String> current() {
    Path file = root.resolve("current");
    if (Files.exists(file)) {
      String name = new String(PrivateFiles.read(file, MAX_NAME_BYTES), StandardCharsets.UTF_8).strip();
      if (NAME.matcher(name).matches() && ClusterProfile.exists(dir(name))) return Optional.of(name);
    }
    List<String> all = list();
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  /** @throws SluiceException NOT_FOUND if there is no cluster, or CONFLICT if there are several and none is chosen */
  public ClusterProfile requireCurrent() {
    Optional<String> name = current();
    if (name.isPresent()) return get(name.get());
    List<String> all = list();
    if (all.isEmpty()) {
      throw new SluiceException(
          ErrorCode.NOT_FOUND, "no cluster is known here", "there is none in " + root,
          "start a server on this machine, or join with a user's token (sluice user join --server HOST:PORT --token-file FILE)", root.toString());
    }
    throw new SluiceException(
        ErrorCode.CONFLICT, "several clusters are known here", String.join(", ", all),
        "choose one: sluice cluster use NAME, or --cluster NAME");
  }

  /** Makes commands go to the cluster from now on. */
  public void use(String name) {
    requireKnown(name);
    PrivateFiles.write(root.resolve("current"), (name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a cluster as a whole; the first one becomes the current one.
   *
   * @throws SluiceException ALREADY_EXISTS, INVALID_ARGUMENT for a name that none can have
   */
  public ClusterProfile create(String name, Identity identity, String clusterName, List<HostPort> addresses) {
    requireFree(name);
    Path clusters = root.resolve("clusters");
    Path made = clusters.resolve("." + name + "." + UUID.randomUUID());
    ClusterProfile.of(made, identity, clusterName, addresses).save(identity);
    try {
      // What lies there without being a profile is half of one that was removed.
      deleteTree(dir(name));
      Files.move(made, dir(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw PrivateFiles.failure("cannot make " + dir(name), e, dir(name));
    }
    PrivateFiles.syncDirectory(clusters);
    if (list().size() == 1) use(name);
    return ClusterProfile.load(dir(name));
  }

  /**
   * Finds out whether a cluster could be added, before something is used up for it that is good once only. Blocks.
   *
   * @param name that it shall have; null if it is not known yet
   * @throws SluiceException as {@link #create} would; FORBIDDEN if the folder cannot be written
   */
  public void requireRoom(String name) {
    if (name != null) requireFree(name);
    Path clusters = root.resolve("clusters");
    String correction = "run as the folder's owner, or choose another folder with SLUICE_CONFIG";
    try {
      PrivateFiles.createDirectories(clusters);
    } catch (SluiceException e) {
      throw new SluiceException(e, e.code(), e.what(), e.why(), correction, e.objects());
    }
    if (Files.isWritable(clusters)) return;
    throw new SluiceException(ErrorCode.FORBIDDEN, "cannot write to " + clusters, "this user has no permission", correction, clusters.toString());
  }

  /** The name itself if it is free, otherwise with the first number that makes it so. */
  public String freeName(String wanted) {
    String name = wanted;
    for (int i = 2; ClusterProfile.exists(dir(name)); i++) name = wanted + "-" + i;
    return name;
  }

  private void requireFree(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new SluiceException(
          ErrorCode.INVALID_ARGUMENT, "'" + name + "' cannot be a cluster's name",
          "names are 1 to 64 of a-z, 0-9, '-', '_' and '.'", "choose another name", name);
    }
    if (ClusterProfile.exists(dir(name))) {
      throw new SluiceException(
          ErrorCode.ALREADY_EXISTS, "there is a cluster '" + name + "' already", "in " + dir(name),
          "choose another name, or remove it first (sluice cluster remove " + name + ")", name);
    }
  }

  /** Forgets the cluster and its key. If it was the current one, another has to be chosen, unless only one is left. */
  public void remove(String name) {
    requireKnown(name);
    Path gone = root.resolve("clusters").resolve("." + name + "." + UUID.randomUUID());
    try {
      Files.move(dir(name), gone, StandardCopyOption.ATOMIC_MOVE);
      PrivateFiles.syncDirectory(root.resolve("clusters"));
      deleteTree(gone);
    } catch (IOException e) {
      throw PrivateFiles.failure("cannot remove " + dir(name), e, dir(name));
    }
  }

  private Path dir(String name) {
    return root.resolve("clusters").resolve(name);
  }

  private void requireKnown(String name) {
    if (NAME.matcher(name).matches() && ClusterProfile.exists(dir(name))) return;
    List<String> all = list();
    throw new SluiceException(
        ErrorCode.NOT_FOUND, "no cluster '" + name + "' is known here",
        all.isEmpty() ? "there is none in " + root : "known are " + String.join(", ", all),
        "see sluice cluster list", name);
  }

  private static void deleteTree(Path dir) throws IOException {
    if (!Files.exists(dir)) return;
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
    }
  }
}
