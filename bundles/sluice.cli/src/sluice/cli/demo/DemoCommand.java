package sluice.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.CliCommand;
import sluice.cli.ConsoleProgram;

/** Shows the whole of it at work on this machine. */
@Command(
    name = "demo",
    description = {
      "Start a server, two hosts and seven disks on this machine, and show what Sluice is for.",
      "A volume goes on without an error when a host's way to the disks breaks, and when the server dies;",
      "a volume of two copies goes on when a disk dies, and heals on another.",
      "Needs no root, no display and no disks; takes about two minutes."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice demo", "  sluice demo --console                  and look at it on a desktop", "  sluice demo --stay                     leave it running, to try commands on", "  sluice demo --dir /srv/demo --stay"})
public final class DemoCommand extends CliCommand {
  /** A Unix socket's path has at most 107 bytes; what the demo puts behind its folder's has up to 40. */
  private static final int LONGEST_DIR = 66;

  @Option(names = "--dir", paramLabel = "DIR", description = "An empty folder for everything, on a disk and with a short name. Default: a new one, removed at the end.")
  Path dir;

  @Option(names = "--stay", description = "Leave all running at the end, and say how to use it. Ctrl-C ends it.")
  boolean stay;

  @Option(names = "--console", description = "Open the desktop console on it at the end, and leave all running until the console is closed.")
  boolean console;

  @Override
  public Integer call() {
    // Before anything is built: whoever has no console wants to know it now.
    ConsoleProgram program = console ? ConsoleProgram.find(context().environment()) : null;
    Path folder = folder();
    int code;
    try (DemoRun run = new DemoRun(context(), folder, dir == null)) {
      // Ctrl-C must not leave processes behind.
      Thread hook = new Thread(run::close, "demo-end");
      Runtime.getRuntime().addShutdownHook(hook);
      code = run.show();
      if (stay || program != null) explain(run, folder);
      if (program != null) awaitEnd(program.start(run.environment(), null));
      else if (stay) awaitInterrupt();
      unhook(hook);
    }
    return code;
  }

  private Path folder() {
    try {
      // Not /tmp, which is often memory: disks are driven past the page cache, and memory has no such way.
      Path folder = dir == null ? Files.createTempDirectory(Path.of("/var/tmp"), "sluice-demo") : Files.createDirectories(dir).toRealPath();
      if (folder.toString().length() > LONGEST_DIR) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "the folder's name is too long for the demo's sockets",
            folder + " has more than " + LONGEST_DIR + " characters", "name a shorter one with --dir");
      }
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isEmpty()) return folder;
      }
      throw new SluiceException(ErrorCode.CONFLICT, "the folder " + folder + " is not empty", "the demo makes everything anew", "name an empty or new folder with --dir");
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the demo's folder cannot be made", e.toString(), "name one that can be written with --dir", List.of());
    }
  }

  private void explain(DemoRun run, Path folder) {
    say("");
    say("All of it keeps running. In another terminal:");
    say("  export SLUICE_CONFIG=" + folder.resolve("config"));
    say("  sluice status --watch");
    say("  sluice volume show mirror");
    say("  sluice event follow");
    say("  sluice bundle stop sluice.agent.direct --dir " + folder.resolve("h1") + "      and start again");
    say("  nbdinfo '" + run.uri() + "'      any NBD program can use the volume");
    say((console ? "The end of the console ends it" : "Ctrl-C ends it") + (dir == null ? " and removes its folder." : "."));
    context().out().flush();
  }

  /** The hook does the rest: the JVM ends when it is done. */
  private static void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEnd(Process opened) {
    try {
      opened.waitFor();
    } catch (InterruptedException e) {
      opened.destroy();
      Thread.currentThread().interrupt();
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running already, and does the same.
    }
  }
}
