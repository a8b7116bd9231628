package sluice.console.ui;

/**
 * What the command line asked for: {@code --server HOST:PORT} and {@code --cluster NAME}. What else stands there is the
 * platform's.
 *
 * @param server address; null: as the cluster's credentials say
 * @param cluster name of saved credentials; null: the current ones
 */
public record StartRequest(String server, String cluster) {
  /** Nothing was asked for: the console opens on its start page. */
  public static final StartRequest NONE = new StartRequest(null, null);

  static StartRequest parse(String... arguments) {
    String server = null;
    String cluster = null;
    for (int i = 0; i + 1 < arguments.length; i++) {
      if (arguments[i].equals("--server")) server = arguments[++i];
      else if (arguments[i].equals("--cluster")) cluster = arguments[++i];
    }
    return new StartRequest(server, cluster);
  }

  boolean asksForCluster() {
    return server != null || cluster != null;
  }
}
