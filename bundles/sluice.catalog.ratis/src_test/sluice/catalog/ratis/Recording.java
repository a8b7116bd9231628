package sluice.catalog.ratis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every call by which a process changed a folder, in order, as strace saw them; and what the process had said by then.
 * Since a killed process leaves what its calls so far have done, a folder in which the first N of them are done again is
 * the one that a kill at the next call leaves.
 */
final class Recording {
  private static final List<String> CALLS = List.of("openat", "write", "pwrite64", "ftruncate", "rename", "renameat", "renameat2",
      "unlink", "unlinkat", "mkdir", "lseek", "fallocate", "pwritev", "writev", "copy_file_range", "sendfile", "link", "linkat",
      "rmdir", "truncate", "close");
  private static final Pattern LINE = Pattern.compile("(\\d+) +(\\w+)\\((.*)\\) += (-?\\d+).*", Pattern.DOTALL);
  private static final Pattern HALF = Pattern.compile("(\\d+) +(\\w+\\(.*) <unfinished \\.\\.\\.>", Pattern.DOTALL);
  private static final Pattern REST = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)", Pattern.DOTALL);

  /** @param said bytes that the process had written to its standard output before */
  record Call(String name, List<String> arguments, long result, int said) {
    String first() {
      return arguments.get(0);
    }
  }

  /** A file of the process's. */
  private static final class Open {
    final Path path;
    long position;

    Open(Path path) {
      this.path = path;
    }
  }

  private final Path folder;
  private final List<Call> calls = new ArrayList<>();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private Recording(Path folder) {
    this.folder = folder;
  }

  /** What goes before the process's own command. */
  static List<String> command(Path trace) {
    return List.of("strace", "-f", "--seccomp-bpf", "-qq", "-xx", "-s", "2000000", "-e", "signal=none",
        "-e", "trace=" + String.join(",", CALLS), "-o", trace.toString());
  }

  static Recording read(Path trace, Path folder) throws IOException {
    Recording r = new Recording(folder);
    Map<String, String> halves = new HashMap<>();
    for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
      Matcher half = HALF.matcher(line);
      Matcher rest = REST.matcher(line);
      if (half.matches()) halves.put(half.group(1), half.group(2));
      else if (rest.matches()) r.call(rest.group(1) + " " + halves.remove(rest.group(1)) + rest.group(2));
      else r.call(line);
    }
    return r;
  }

  private void call(String line) {
    Matcher m = LINE.matcher(line);
    if (!m.matches() || Long.parseLong(m.group(4)) < 0) return;
    Call call = new Call(m.group(2), List.of(m.group(3).split(", ")), Long.parseLong(m.group(4)), said.size());
    calls.add(call);
    if (call.name.equals("write") && call.first().equals("1")) said.writeBytes(text(call.arguments.get(1)));
  }

  /** What it had said before the call, whole lines. */
  List<String> saidBefore(int call) {
    String all = new String(said.toByteArray(), 0, calls.get(call).said, StandardCharsets.UTF_8);
    int end = all.lastIndexOf('\n');
    return end < 0 ? List.of() : List.of(all.substring(0, end).split("\n"));
  }

  List<Call> calls() {
    return calls;
  }

  private static byte[] text(String literal) {
    if (!literal.endsWith("\"")) throw new IllegalStateException("cut short: " + literal.length() + " characters");
    String hex = literal.substring(1, literal.length() - 1);
    byte[] bytes = new byte[hex.length() / 4];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Integer.parseInt(hex, 4 * i + 2, 4 * i + 4, 16);
    return bytes;
  }

  /** Does the calls again, one by one, in another folder. */
  final class Replay {
    private final Path target;
    private final Map<String, Open> open = new HashMap<>();

    Replay(Path target) {
      this.target = target;
    }

    /** Where it is now; null if it is not in the folder. */
    private Path here(String literal) {
      Path path = Path.of(new String(text(literal), StandardCharsets.UTF_8));
      return path.startsWith(folder) ? target.resolve(folder.relativize(path).toString()) : null;
    }

    /** @return what was done, for people; null if it did not change the folder */
    String step(Call c) throws IOException {
      List<String> a = c.arguments;
      switch (c.name) {
        case "openat" -> {
          Path path = here(a.get(1));
          if (path == null) return null;
          open.put(Long.toString(c.result), new Open(path));
          boolean fresh = a.get(2).contains("O_CREAT") && !Files.exists(path);
          if (fresh) Files.createFile(path);
          if (a.get(2).contains("O_TRUNC")) length(path, 0);
          return fresh || a.get(2).contains("O_TRUNC") ? c.name + " " + path.getFileName() : null;
        }
        case "close" -> open.remove(c.first());
        case "lseek" -> {
          if (open.containsKey(c.first())) open.get(c.first()).position = c.result;
        }
        case "write", "pwrite64" -> {
          Open file = open.get(c.first());
          if (file == null) return null;
          boolean at = c.name.equals("pwrite64");
          try (RandomAccessFile f = new RandomAccessFile(file.path.toFile(), "rw")) {
            f.seek(at ? Long.parseLong(a.get(3)) : file.position);
            f.write(text(a.get(1)), 0, (int) c.result);
          }
          if (!at) file.position += c.result;
          return c.name + " " + file.path.getFileName() + " " + c.result;
        }
        case "ftruncate" -> {
          Open file = open.get(c.first());
          if (file == null) return null;
          length(file.path, Long.parseLong(a.get(1)));
          return c.name + " " + file.path.getFileName() + " " + a.get(1);
        }
        case "rename" -> {
          Path to = here(a.get(1));
          if (to == null) return null;
          Files.move(here(a.get(0)), to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          return c.name + " " + to.getFileName();
        }
        case "unlink" -> {
          Path path = here(a.get(0));
          if (path != null) Files.delete(path);
          return path == null ? null : c.name + " " + path.getFileName();
        }
        case "mkdir" -> {
          Path path = here(a.get(0));
          if (path != null) Files.createDirectory(path);
          return path == null ? null : c.name + " " + path.getFileName();
        }
        default -> {
          boolean path = a.stream().anyMatch(x -> x.startsWith("\"") && x.endsWith("\"") && here(x) != null);
          if (path || open.containsKey(c.first())) throw new IllegalStateException("this is not done again: " + c.name + a);
        }
      }
      return null;
    }

    private static void length(Path path, long bytes) throws IOException {
      try (RandomAccessFile f = new RandomAccessFile(path.toFile(), "rw")) {
        f.setLength(bytes);
      }
    }
  }

  Replay replay(Path target) {
    return new Replay(target);
  }
}
