package sluice.cli.demo;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** A server or an agent in a process of its own, started as this one was; its output goes to a file. */
public final class ChildProgram implements AutoCloseable {
  /** System property: the folder with the shell launcher, which knows how much memory each program needs. */
  private static final String HOME = "sluice.home";

  private static final long STOP_SECONDS = 15;
  private static final long START_SECONDS = 120;

  private final String name;
  private final Process process;
  private final Path output;

  private ChildProgram(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
  }

  /** Starts it and waits until it says that it is ready. */
  static ChildProgram start(String name, Path outputFolder, Map<String, String> environment, List<String> arguments) {
    try {
      Files.createDirectories(outputFolder);
      Path output = outputFolder.resolve(name + ".out");
      List<String> command = launcher();
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.redirectInput(new File("/dev/null")).environment().putAll(environment);
      ChildProgram child = new ChildProgram(name, builder.start(), output);
      child.awaitReady();
      return child;
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the " + name + " could not be started", String.valueOf(e.getMessage()), "", List.of(name));
    }
  }

  private static List<String> launcher() {
    List<String> command = new ArrayList<>();
    String home = System.getProperty(HOME);
    if (home != null && Files.isExecutable(Path.of(home, "sluice"))) {
      command.add(Path.of(home, "sluice").toString());
      return command;
    }
    // In development, without the launcher: as this program was started.
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) if (!flag.startsWith("-agentlib")) command.add(flag);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "sluice.cli.Main"));
    return command;
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (Files.readAllLines(output).stream().noneMatch(line -> line.startsWith("ready"))) {
      if (!process.isAlive()) {
        throw new SluiceException(ErrorCode.UNAVAILABLE, "the " + name + " has ended with code " + process.exitValue(),
            Files.readString(output).strip(), "its output is in " + output, name);
      }
      if (System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new SluiceException(ErrorCode.TIMEOUT, "the " + name + " was not ready within " + START_SECONDS + " s", "", "its output is in " + output, name);
      }
      Pause.milliseconds(50);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** As power loss does it: SIGKILL, and gone when this returns. */
  void kill() {
    process.destroyForcibly();
    await(STOP_SECONDS);
  }

  /** SIGTERM; SIGKILL if it has not ended in time. */
  @Override
  public void close() {
    process.destroy();
    if (!await(STOP_SECONDS)) kill();
  }

  private boolean await(long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
