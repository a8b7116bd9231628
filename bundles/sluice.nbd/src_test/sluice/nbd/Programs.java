package sluice.nbd;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs other programs with a deadline and collects what they say. A program that is missing is a failed test. */
final class Programs {
  private static final long DEADLINE_SECONDS = 120;

  private Programs() {}

  record Outcome(int status, String output) {
    /** The output of a program that succeeded. */
    String ok() {
      if (status != 0) throw new AssertionError("status " + status + ": " + output);
      return output;
    }

    /** The output of a program that refused. */
    String refused() {
      if (status == 0) throw new AssertionError("it succeeded: " + output);
      return output;
    }
  }

  static Outcome run(String... command) {
    return run(List.of(command));
  }

  static Outcome run(List<String> command) {
    try {
      Path log = Files.createTempFile("program", ".log");
      Process process = start(command, log.toFile());
      boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
      if (!ended) process.destroyForcibly().waitFor();
      String output = Files.readString(log, StandardCharsets.UTF_8);
      Files.delete(log);
      if (!ended) throw new AssertionError(String.join(" ", command) + " did not end: " + output);
      return new Outcome(process.exitValue(), output);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(command.get(0) + " could not be run", e);
    }
  }

  /** Python with the nbd module; the script sees the URI as {@code uri} and an unconnected handle as {@code h}. */
  static Outcome python(String uri, String script) {
    return run("/usr/bin/python3", "-c", "import nbd, sys\nuri = sys.argv[1]\nh = nbd.NBD()\n" + script, uri);
  }

  /** A server in the background; ends with {@link Server#close}. */
  static Server serve(String... command) {
    try {
      File log = File.createTempFile("server", ".log");
      return new Server(start(new ArrayList<>(List.of(command)), log), log.toPath());
    } catch (IOException e) {
      throw new AssertionError(command[0] + " could not be run", e);
    }
  }

  private static Process start(List<String> command, File log) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log)
        .redirectInput(new File("/dev/null")).start();
  }

  record Server(Process process, Path log) implements AutoCloseable {
    /** Waits until the socket is there. */
    Server listening(Path socket) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      while (!Files.exists(socket)) {
        if (!process.isAlive() || System.nanoTime() > deadline) throw new AssertionError("no server: " + output());
        Thread.onSpinWait();
      }
      return this;
    }

    String output() {
      try {
        return Files.readString(log, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      try {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(log);
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
