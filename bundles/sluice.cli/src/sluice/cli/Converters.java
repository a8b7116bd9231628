package sluice.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import sluice.api.ByteSize;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.HostPort;

/** Turns what was typed into values; whatever is wrong is said with how to write it. */
final class Converters {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|min|h|d)");

  private Converters() {}

  static void register(CommandLine cmd) {
    cmd.registerConverter(ByteSize.class, ByteSize::parse);
    cmd.registerConverter(DiskUri.class, Converters::disk);
    cmd.registerConverter(Duration.class, Converters::duration);
    cmd.registerConverter(HostPort.class, Converters::address);
  }

  /** A disk's URI; a bare absolute path is a file or, below /dev, a block device. */
  static DiskUri disk(String text) {
    if (text.startsWith("/dev/")) return new DiskUri("dev:" + text);
    if (text.startsWith("/")) return new DiskUri("file:" + text);
    return new DiskUri(text);
  }

  /** An address to connect to or to listen on; a port must be there, since nobody would find one that is chosen. */
  static HostPort address(String text) {
    HostPort address = HostPort.parse(text);
    if (address.port() > 0) return address;
    throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "'" + text + "' is not an address", "ports are 1 to 65535",
        "write HOST:PORT, for example 10.0.0.1:7440", text);
  }

  static Duration duration(String text) {
    Matcher m = DURATION.matcher(text.strip());
    if (!m.matches()) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "'" + text + "' is not a time",
          "a time is a whole number and a unit", "write it like 500ms, 10s, 5m, 2h or 7d", text);
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "h" -> Duration.ofHours(n);
      case "d" -> Duration.ofDays(n);
      default -> Duration.ofMinutes(n);
    };
  }
}
