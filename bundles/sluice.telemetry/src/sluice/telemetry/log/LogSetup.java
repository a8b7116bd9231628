package sluice.telemetry.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Sends a program's log to {@code DIR/log/PROGRAM.log}, and warnings to the console as well, in place of whatever
 * logback was set to before. With system property {@code sluice.log.format=json} it is {@code PROGRAM.json.log}, one
 * JSON object a line.
 *
 * <p>Before this is called the log goes where the launcher said. A launcher that wants this set-up from the first line
 * gives logback a copy of {@code logback.xml}, which is next to this class, in {@code logback.configurationFile}.
 */
public final class LogSetup {
  /** {@code text}, which is the default, or {@code json}. */
  public static final String FORMAT = "sluice.log.format";

  private LogSetup() {}

  /**
   * @param dir of the program; the log is in its folder {@code log}, which others cannot read
   * @param program {@code server} or {@code agent}
   * @return false if the log is not written by logback, and so stays as it is
   * @throws SluiceException INVALID_ARGUMENT for an unknown format, IO if the folder cannot be made
   */
  public static boolean apply(Path dir, String program) {
    String format = System.getProperty(FORMAT, "text");
    if (!format.equals("text") && !format.equals("json")) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, FORMAT + " cannot be '" + format + "'", "", "use text or json");
    }
    Path folder = dir.resolve("log");
    try {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "cannot make the folder " + folder, String.valueOf(e.getMessage()),
          "make the directory writable for the program's user", List.of(folder.toString()));
    }
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    // by name: without logback its classes are not there to compare with
    if (!factory.getClass().getName().equals("ch.qos.logback.classic.LoggerContext")) return false;
    System.setProperty("sluice.log.dir", folder.toString());
    System.setProperty("sluice.program", program);
    return Logback.configure(factory, LogSetup.class.getResource("logback.xml"));
  }

  /** Apart, so that its types are only looked for when they are there. */
  private static final class Logback {
    static boolean configure(ILoggerFactory factory, URL configuration) {
      LoggerContext context = (LoggerContext) factory;
      context.reset();
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      try {
        configurator.doConfigure(configuration);
        return true;
      } catch (JoranException e) {
        throw new SluiceException(e, ErrorCode.INTERNAL, "the log cannot be set up", String.valueOf(e.getMessage()), "",
            List.of());
      }
    }
  }
}
