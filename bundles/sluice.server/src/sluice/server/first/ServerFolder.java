package sluice.server.first;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * What a server's folder says of itself: {@code server.properties}, the first file that is made in it. It holds the
 * ids, so that a start that was cut off goes on with the same ones.
 *
 * @param format of the folder
 */
public record ServerFolder(int format, String clusterId, String clusterName, String serverId, long createdMs) {
  static final String FILE = "server.properties";
  /** 1: catalog/, ca/, identity/, issued/, first-admin/ until the first start is complete. */
  static final int FORMAT = 1;

  /** Reads the file, or makes it with new ids. */
  static ServerFolder openOrMake(Path dir, String clusterName, long nowMs) {
    Path file = dir.resolve(FILE);
    if (Files.exists(file)) return read(file);
    if (Files.exists(dir.resolve("cluster.properties"))) {
      throw new SluiceException(ErrorCode.CONFLICT, dir + " is not a server's folder", "an agent or a user has it",
          "give the server a folder of its own", dir.toString());
    }
    if (Files.exists(dir.resolve("catalog"))) throw damaged(file, "it is gone, and the catalog is there");
    ServerFolder made = new ServerFolder(FORMAT, UUID.randomUUID().toString(), clusterName, UUID.randomUUID().toString(), nowMs);
    write(dir, made);
    return made;
  }

  private static ServerFolder read(Path file) {
    try {
      Properties p = new Properties();
      p.load(new StringReader(Files.readString(file)));
      int format = Integer.parseInt(p.getProperty("format", ""));
      if (format > FORMAT) {
        throw new SluiceException(ErrorCode.CONFLICT, file.getParent() + " is of a newer version of Sluice", "its format is " + format
            + ", this program knows up to " + FORMAT, "start the newer program, or give another folder", file.toString());
      }
      if (format < 1) throw damaged(file, "its format is " + format);
      return new ServerFolder(format, id(p, "cluster.id", file), p.getProperty("cluster.name", "sluice"), id(p, "server.id", file),
          Long.parseLong(p.getProperty("created.ms", "")));
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static String id(Properties p, String key, Path file) {
    String value = p.getProperty(key);
    if (value == null) throw damaged(file, "'" + key + "' is missing");
    return UUID.fromString(value).toString();
  }

  private static SluiceException damaged(Path file, String why) {
    return new SluiceException(ErrorCode.CORRUPT, file + " is damaged", why, "put it back from a backup", file.toString());
  }

  private static void write(Path dir, ServerFolder f) {
    String text = "# Who this server is; do not change.\nformat=" + f.format + "\ncluster.id=" + f.clusterId + "\ncluster.name="
        + f.clusterName + "\nserver.id=" + f.serverId + "\ncreated.ms=" + f.createdMs + "\n";
    Path part = dir.resolve(FILE + ".part");
    try {
      try (FileChannel c = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) c.write(bytes);
        c.force(true);
      }
      Files.move(part, dir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(dir)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the folder " + dir + " cannot be written", String.valueOf(e.getMessage()),
          "check its rights and the space on its file system", List.of(dir.toString()));
    }
  }
}
