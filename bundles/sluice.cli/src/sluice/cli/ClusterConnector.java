package sluice.cli;

import java.nio.file.Path;
import java.time.Duration;

/** Reaches a cluster's server under an identity. */
public interface ClusterConnector {
  /**
   * Connects; fails with a SluiceException (no such cluster, no credential, no server there, refused).
   *
   * @param configFolder where clusters' credentials are kept
   * @param cluster name of one of them; null: the current one
   * @param identity folder of an agent, whose identity is used instead; null: none
   * @param patience how long to try
   */
  ClusterSession connect(Path configFolder, String cluster, Path identity, Duration patience);
}
