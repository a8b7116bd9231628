package sluice.system;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that runs beside the test; its output goes to a file. */
final class Program implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Path log;

  Program(String name, Path dir, Map<String, String> environment, List<String> command) {
    this.name = name;
    try {
      Files.createDirectories(dir);
      log = Files.createTempFile(dir, name + "-", ".log");
      ProcessBuilder b = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      b.environment().putAll(environment);
      process = b.redirectInput(new File("/dev/null")).start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The first 64 KiB of its output, however much there is. */
  String beginning() {
    try (InputStream in = Files.newInputStream(log)) {
      return new String(in.readNBytes(64 << 10), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for the text in the output; fails at once if the process ends without it. */
  Program awaitOutput(String text) {
    Await.until(java.time.Duration.ofSeconds(90), () -> name + " says '" + text + "'; so far:\n" + output(), () -> {
      if (output().contains(text)) return true;
      if (!process.isAlive()) throw new IllegalStateException(name + " has ended with " + process.exitValue());
      return false;
    });
    return this;
  }

  void signal(String signal) {
    Tool.run("kill", "-" + signal, Long.toString(process.pid())).ok();
  }

  /** As the power does it. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  int awaitEnd() {
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) throw new AssertionError(name + " did not end\n" + output());
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    if (!process.isAlive()) return;
    signal("CONT");
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) kill();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
