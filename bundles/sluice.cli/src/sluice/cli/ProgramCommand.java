package sluice.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.launch.FrameworkLauncher;
import sluice.cli.launch.PluginFolder;
import sluice.cli.launch.ProgramConfig;
import sluice.cli.launch.Roles;
import sluice.cli.launch.StartLogging;
import sluice.net.HostPort;

/**
 * A program that runs until it is told to stop. Everything can come from a configuration file as well, under the
 * option's name; what is typed wins.
 */
public abstract class ProgramCommand extends CliCommand {
  @Option(names = "--dir", paramLabel = "DIR", description = "The folder in which it keeps everything; made if it is not there. Required.")
  String dir;

  @Option(names = "--config", paramLabel = "FILE",
      description = "Read options from this file: lines like 'dir = /srv/sluice', named as here without the dashes, lists with commas.")
  Path config;

  @Option(names = "--log-format", paramLabel = "FORMAT", description = "Format of the log in DIR/log: text or json. Default: text.")
  String logFormat;

  @Option(names = "--metrics", paramLabel = "HOST:PORT",
      description = "Where to give metrics and health over HTTP, to whoever shows the token in DIR/metrics.token; on a loopback address, since without encryption. Default: 127.0.0.1 and any free port, which 'sluice health --dir DIR' tells.")
  String metrics;

  private ProgramConfig file = ProgramConfig.empty();
  /** The key of the newest value, if it came from the file: what is found wrong next is about it. */
  private String fromFile;

  abstract Roles role();

  /** Puts what was configured into framework properties; fails on values that are wrong. */
  abstract void settings(Map<String, String> to);

  @Override
  public final Integer call() {
    Map<String, String> settings = new LinkedHashMap<>();
    Path folder = read(settings);
    return new FrameworkLauncher(role(), folder, PluginFolder.find(), context().out()).run(settings);
  }

  /** Checks everything that can be checked before anything is started. */
  final Path read(Map<String, String> settings) {
    if (config != null) file = ProgramConfig.read(config, keys());
    String folder = text(dir, "dir");
    if (folder == null) throw missing("--dir", "a folder, like --dir /var/lib/sluice-" + role().program());
    Path path = Path.of(folder).toAbsolutePath().normalize();
    settings.put("sluice." + role().program() + ".dir", path.toString());
    String format = text(logFormat, "log-format");
    if (format != null && !format.equals("text") && !format.equals("json")) {
      throw invalid("'" + format + "' is not a log format", "write text or json");
    }
    settings.put(StartLogging.FORMAT, format == null ? "text" : format);
    String address = text(metrics, "metrics");
    if (address != null) settings.put("sluice." + role().program() + ".metrics", loopback(Converters.address(address)));
    checked(settings);
    return path;
  }

  private static String loopback(HostPort address) {
    if (address.host().matches("localhost|127\\.[0-9.]+|::1|\\[::1\\]")) return address.toString();
    throw invalid("--metrics " + address + " can be reached by other machines",
        "metrics are given without encryption: name a loopback address, like --metrics 127.0.0.1:9464");
  }

  /** A value that was read from the file is said with its line: whoever reads the error may not know of the file at all. */
  private void checked(Map<String, String> to) {
    try {
      settings(to);
    } catch (SluiceException e) {
      if (e.code() != ErrorCode.INVALID_ARGUMENT || fromFile == null) throw e;
      throw file.wrongValue(fromFile, e.what() + (e.why().isEmpty() ? "" : ": " + e.why()), e.correction());
    }
  }

  /** The options' names without dashes: the keys of a configuration file. */
  private List<String> keys() {
    TreeSet<String> keys = new TreeSet<>();
    for (OptionSpec o : spec.options()) if (!o.inherited() && !o.longestName().equals("--config")) keys.add(o.longestName().substring(2));
    return List.copyOf(keys);
  }

  final String text(String typed, String key) {
    if (typed != null) {
      fromFile = null;
      return typed;
    }
    String value = file.get(key);
    fromFile = value == null ? null : key;
    return value;
  }

  final List<String> list(List<String> typed, String key) {
    if (typed != null && !typed.isEmpty()) {
      fromFile = null;
      return typed;
    }
    List<String> values = file.list(key);
    fromFile = values.isEmpty() ? null : key;
    return values;
  }

  final void put(Map<String, String> to, String property, String value) {
    if (value != null) to.put(property, value);
  }

  /** A whole number within bounds, or null if it is not configured. */
  final Long number(String typed, String key, long least, long most) {
    String value = text(typed, key);
    if (value == null) return null;
    if (value.matches("-?[0-9]{1,18}") && Long.parseLong(value) >= least && Long.parseLong(value) <= most) return Long.parseLong(value);
    throw invalid("--" + key + " '" + value + "' is not a whole number from " + least + " to " + most, "");
  }

  /** Addresses, each checked. */
  final String addresses(List<String> typed, String key) {
    return String.join(",", list(typed, key).stream().map(a -> Converters.address(a).toString()).toList());
  }

  final SluiceException missing(String option, String what) {
    return invalid(option + " is missing", "give " + what + ", or set " + option.substring(2) + " in the file named with --config");
  }

  static SluiceException invalid(String what, String correction) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, what, "", correction);
  }
}
