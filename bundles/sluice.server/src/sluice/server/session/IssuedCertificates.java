package sluice.server.session;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Certificates that were made for joiners, kept for a day: written before the catalog is asked, so that a joiner whose
 * answer got lost, even with the server's run, gets the same one again. One small file a token. Any one thread.
 */
final class IssuedCertificates {
  private static final long KEPT_MS = 24 * 3600 * 1000L;
  private static final int MOST_BYTES = 64 * 1024;

  /**
   * A certificate and whom it was made for.
   *
   * @param secretSha256 of the token
   * @param keySha256 hex, of the public key
   * @param host a host's, otherwise a user's
   * @param sha256 hex, of the certificate, which is in DER
   */
  record Issued(byte[] secretSha256, String keySha256, boolean host, String id, String name, byte[] certificate, String sha256) {}

  private final Path dir;

  IssuedCertificates(Path dir) {
    this.dir = dir;
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Null if there is none. The token's id is one that the catalog gave, or the file's name would be the peer's choice. */
  Issued find(String tokenId) {
    Path file = file(tokenId);
    if (file == null || !Files.exists(file)) return null;
    try {
      if (Files.size(file) > MOST_BYTES) return null;
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
      return new Issued(bytes(in), in.readUTF(), in.readBoolean(), in.readUTF(), in.readUTF(), bytes(in), in.readUTF());
    } catch (IOException e) {
      return null;
    }
  }

  void put(String tokenId, Issued issued) {
    Path file = file(tokenId);
    if (file == null) throw new IllegalArgumentException("token " + tokenId);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      write(out, issued.secretSha256);
      out.writeUTF(issued.keySha256);
      out.writeBoolean(issued.host);
      out.writeUTF(issued.id);
      out.writeUTF(issued.name);
      write(out, issued.certificate);
      out.writeUTF(issued.sha256);
      Path part = dir.resolve(tokenId + ".part");
      Files.deleteIfExists(part);
      Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
        while (all.hasRemaining()) channel.write(all);
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel folder = FileChannel.open(dir)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Removes what is older than a day. */
  void sweep(long nowMs) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
      for (Path f : files) if (nowMs - Files.getLastModifiedTime(f).toMillis() > KEPT_MS) Files.deleteIfExists(f);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Path file(String tokenId) {
    return tokenId.matches("[0-9a-zA-Z-]{1,64}") ? dir.resolve(tokenId) : null;
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MOST_BYTES) throw new IOException("length " + length);
    return in.readNBytes(length);
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private SluiceException failed(IOException e) {
    return new SluiceException(e, ErrorCode.IO, "the folder " + dir + " cannot be used", String.valueOf(e.getMessage()),
        "check its rights and the space on its file system", java.util.List.of());
  }
}
