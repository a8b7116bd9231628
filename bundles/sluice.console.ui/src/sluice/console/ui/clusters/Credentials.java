package sluice.console.ui.clusters;

import java.nio.file.Path;
import sluice.client.Profiles;

/** The saved clusters of this user: the command line's, so that both know the same. */
public final class Credentials {
  /** System property: another folder than the command line's. */
  public static final String FOLDER = "sluice.config";

  private Credentials() {}

  public static Profiles profiles() {
    String given = System.getProperty(FOLDER, "");
    return given.isEmpty() ? Profiles.standard() : new Profiles(Path.of(given));
  }
}
