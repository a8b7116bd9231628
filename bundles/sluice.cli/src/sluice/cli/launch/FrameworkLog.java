package sluice.cli.launch;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

/**
 * Takes the framework's own warnings and errors to {@code DIR/log/framework.log}. The framework's writer is switched off, since
 * it prints stack traces to the console when its file cannot be written, and a full disk is no news that people can read there:
 * what cannot be written is left out. Bounded: from {@link #MOST_BYTES} on the file begins anew. On the framework's event thread.
 */
final class FrameworkLog implements FrameworkListener {
  static final long MOST_BYTES = 1 << 20;

  private final Path file;

  FrameworkLog(Path dir) {
    file = dir.resolve("log").resolve("framework.log");
  }

  @Override
  public void frameworkEvent(FrameworkEvent event) {
    String level = event.getType() == FrameworkEvent.ERROR ? "ERROR" : event.getType() == FrameworkEvent.WARNING ? "WARN" : null;
    if (level == null) return;
    String message = event.getThrowable() == null ? "" : String.valueOf(event.getThrowable().getMessage());
    write(Instant.now(), level, String.valueOf(event.getBundle().getSymbolicName()), message, event.getThrowable());
  }

  void write(Instant time, String level, String bundle, String message, Throwable failure) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    out.println(time + " " + level + " " + bundle + ": " + message);
    if (failure != null) failure.printStackTrace(out);
    try {
      // The folder is made by whoever owns the log, with the rights that belong to it; until then there is only this.
      Files.createDirectories(file.getParent());
      boolean full = Files.exists(file) && Files.size(file) > MOST_BYTES;
      Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
          full ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND);
    } catch (IOException leftOut) {
      return;
    }
  }
}
