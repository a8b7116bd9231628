package sluice.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and has what it said. */
final class Tool {
  record Result(int exit, String out, String err, List<String> command) {
    Result ok() {
      if (exit != 0) throw new AssertionError(String.join(" ", command) + "\nended with " + exit + "\n" + out + err);
      return this;
    }
  }

  private static final long BOUND_SECONDS = 240;

  private Tool() {}

  static Result run(String... command) {
    return run(Map.of(), List.of(command));
  }

  static Result run(Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile("tool", ".out");
      Path err = Files.createTempFile("tool", ".err");
      try {
        ProcessBuilder b = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        b.environment().putAll(environment);
        Process p = b.redirectInput(new java.io.File("/dev/null")).start();
        if (!p.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
          p.destroyForcibly().waitFor();
          throw new AssertionError(String.join(" ", command) + "\ndid not end\n" + Files.readString(out) + Files.readString(err));
        }
        return new Result(p.exitValue(), Files.readString(out), Files.readString(err), command);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A free TCP port of the address. Another process may take it before it is used; then starting up says so. */
  static int freePort() {
    try (java.net.ServerSocket s = new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      return s.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
