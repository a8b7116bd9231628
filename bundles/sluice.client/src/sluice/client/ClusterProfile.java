package sluice.client;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.HostPort;
import sluice.net.pki.Identity;
import sluice.net.pki.PeerIdentity;
import sluice.net.pki.PrivateFiles;
import sluice.protocol.v1.Welcome;

/**
 * A folder with all it takes to reach a cluster: {@code identity/} and {@code cluster.properties}. The command line's
 * profiles and an agent's folder have the same form, so that either can be used as the other.
 *
 * @param dir the folder
 * @param clusterId as in the certificate
 * @param clusterName for people
 * @param kind whose identity it is: HOST or USER
 * @param id host's id or user's name
 * @param name for people
 * @param addresses of the server's networks, best first
 */
public record ClusterProfile(
    Path dir, String clusterId, String clusterName, PeerIdentity.Kind kind, String id, String name, List<HostPort> addresses) {
  static final String PROPERTIES_FILE = "cluster.properties";
  private static final String IDENTITY_DIR = "identity";
  private static final int MAX_ADDRESSES = 16;
  private static final int MAX_BYTES = 64 * 1024;

  public ClusterProfile {
    addresses = List.copyOf(addresses);
  }

  /** What an identity and the server's answer to a join say. */
  public static ClusterProfile of(Path dir, Identity identity, String clusterName, List<HostPort> addresses) {
    PeerIdentity self = identity.self();
    return new ClusterProfile(dir, self.clusterId(), clusterName, self.kind(), self.id(), self.name(), addresses);
  }

  /** Is there a whole profile in the folder? Blocks. */
  public static boolean exists(Path dir) {
    return Files.exists(dir.resolve(PROPERTIES_FILE)) && Identity.exists(identityDir(dir));
  }

  /** Blocks. @throws SluiceException NOT_FOUND, CORRUPT, FORBIDDEN, IO; names the file */
  public static ClusterProfile load(Path dir) {
    Path file = dir.resolve(PROPERTIES_FILE);
    Properties p = new Properties();
    try {
      p.load(new StringReader(new String(PrivateFiles.read(file, MAX_BYTES), StandardCharsets.UTF_8)));
      return new ClusterProfile(
          dir,
          required(p, "cluster.id", file),
          required(p, "cluster.name", file),
          PeerIdentity.Kind.valueOf(required(p, "identity.kind", file)),
          required(p, "identity.id", file),
          required(p, "identity.name", file),
          HostPort.parseList(required(p, "addresses", file)));
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    } catch (SluiceException e) {
      if (e.code() == ErrorCode.INVALID_ARGUMENT) throw damaged(file, e.getMessage());
      throw e;
    }
  }

  /** Writes the identity, then the properties, which make it a profile; blocks until both are durable (0600). */
  public void save(Identity identity) {
    identity.save(identityDir(dir));
    save();
  }

  /** Writes the properties only, over an identity that is there. Blocks. */
  public void save() {
    PrivateFiles.createDirectories(dir);
    PrivateFiles.write(dir.resolve(PROPERTIES_FILE), text().getBytes(StandardCharsets.UTF_8));
  }

  /** With the addresses that a server told; not saved yet. */
  public ClusterProfile withAddresses(List<HostPort> newAddresses) {
    return new ClusterProfile(dir, clusterId, clusterName, kind, id, name, newAddresses);
  }

  /**
   * With the addresses that a Welcome told behind those known already: the next connection may need them. Equal to this
   * if nothing is new; not saved yet.
   */
  public ClusterProfile withLearned(Welcome welcome) {
    Set<HostPort> all = new LinkedHashSet<>(addresses);
    for (String told : welcome.getControlAddressesList()) {
      if (all.size() >= MAX_ADDRESSES) break;
      all.add(HostPort.parse(told));
    }
    return withAddresses(List.copyOf(all));
  }

  /** Blocks. @throws SluiceException as {@link Identity#load}, or CORRUPT if it is of another cluster */
  public Identity identity() {
    Identity identity = Identity.load(identityDir(dir));
    if (!identity.self().clusterId().equals(clusterId)) {
      throw damaged(dir.resolve(PROPERTIES_FILE), "the identity beside it is of another cluster");
    }
    return identity;
  }

  /** Where the identity's files lie, also for tools that read them ({@code tls-certificates=}). */
  public Path identityDir() {
    return identityDir(dir);
  }

  /** The same before there is a profile: keys are made there. */
  public static Path identityDir(Path dir) {
    return dir.resolve(IDENTITY_DIR);
  }

  private String text() {
    String list = addresses.stream().map(HostPort::toString).collect(Collectors.joining(","));
    return "# A cluster of Sluice and who we are in it; the key is in " + IDENTITY_DIR + "/\n"
        + line("cluster.id", clusterId)
        + line("cluster.name", clusterName)
        + line("identity.kind", kind.name())
        + line("identity.id", id)
        + line("identity.name", name)
        + line("addresses", list);
  }

  private static String line(String key, String value) {
    // Properties' escapes: a backslash, and no line breaks (names have none, but a server could be odd).
    String clean = value.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\");
    return key + "=" + clean + "\n";
  }

  private static String required(Properties p, String key, Path file) {
    String value = p.getProperty(key);
    if (value == null) throw damaged(file, "'" + key + "' is missing");
    return value.strip();
  }

  private static SluiceException damaged(Path file, String why) {
    return new SluiceException(
        ErrorCode.CORRUPT, file + " is damaged", why, "correct it, or join the cluster again", file.toString());
  }
}
