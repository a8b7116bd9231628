package sluice.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Programs of others that the benchmark needs. */
final class Tool {
  /** Program and the Debian package that has it. */
  private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

  static {
    PACKAGES.put("fio", "fio");
    PACKAGES.put("nbdkit", "nbdkit");
    PACKAGES.put("qemu-nbd", "qemu-utils");
    PACKAGES.put("qemu-storage-daemon", "qemu-system-common");
    PACKAGES.put("nbd-server", "nbd-server");
    PACKAGES.put("taskset", "util-linux");
  }

  private static final int MOST_SHOWN = 300;

  private Tool() {}

  /** Fails with the names of the packages if a program is not there. */
  static void requireAll(String searchPath) {
    List<String> missing = new ArrayList<>();
    PACKAGES.forEach((program, pack) -> {
      if (!found(program, searchPath)) missing.add(program + " (Debian package " + pack + ")");
    });
    if (missing.isEmpty()) return;
    throw new SluiceException(ErrorCode.NOT_FOUND, "programs that the benchmark needs are missing", String.join(", ", missing), "install them, for example with apt-get");
  }

  static boolean found(String program, String searchPath) {
    for (String folder : searchPath.split(":")) if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) return true;
    return false;
  }

  private static String shortened(String text) {
    String t = text.strip();
    return t.length() <= MOST_SHOWN ? t : t.substring(0, MOST_SHOWN) + "…";
  }

  /** Runs a program to its end; its output. Fails if it does not end well or in time. */
  static String run(List<String> command, long seconds) {
    try {
      Path output = Files.createTempFile("sluice-bench", ".out");
      try {
        Process p = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = p.waitFor(seconds, TimeUnit.SECONDS);
        if (!ended) p.destroyForcibly().waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        if (ended && p.exitValue() == 0) return text;
        throw new SluiceException(ErrorCode.IO, command.get(0) + (ended ? " ended with code " + p.exitValue() : " did not end in " + seconds + " s"),
            shortened(text), "run it by hand: " + String.join(" ", command));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, command.get(0) + " cannot be run", e.toString(), "", List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SluiceException(ErrorCode.CONFLICT, "interrupted", "", "");
    }
  }
}
