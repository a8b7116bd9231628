package sluice.api;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The name of a way to a disk: {@code file:/path}, {@code dev:/dev/disk/by-id/…}, {@code nbd://host:port/export},
 * {@code nbd+unix:///export?socket=/path}, {@code iscsi://portal/iqn/lun}. A disk itself is known by its label.
 *
 * <p>{@code file:} and {@code dev:} take {@code ?cache=on} to go through the page cache instead of O_DIRECT.
 */
public record DiskUri(String text) implements Comparable<DiskUri> {
  private static final int MAX_LENGTH = 1024;

  public DiskUri {
    URI uri = parse(text);
    String scheme = uri.getScheme();
    if (scheme == null) throw bad(text, "it has no scheme");
    switch (scheme) {
      case "file", "dev" -> {
        if (pathOf(text).isEmpty() || !pathOf(text).startsWith("/")) throw bad(text, "the path must be absolute");
      }
      case "nbd", "nbds", "iscsi" -> {
        if (uri.getHost() == null) throw bad(text, "it names no host");
      }
      case "nbd+unix" -> {
        if (uri.getQuery() == null || !uri.getQuery().contains("socket=")) throw bad(text, "it names no socket");
      }
      default -> throw bad(text, "the scheme " + scheme + " is not known");
    }
  }

  private static URI parse(String text) {
    if (text == null || text.isBlank()) throw bad("", "it is empty");
    if (text.length() > MAX_LENGTH) throw bad(text.substring(0, 40) + "…", "it is longer than " + MAX_LENGTH + " characters");
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw bad(text, e.getReason());
    }
  }

  private static SluiceException bad(String text, String why) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, "'" + text + "' is not a disk URI", why,
        "name it like file:/srv/disk1.img, dev:/dev/disk/by-id/…, or nbd://host:10809/export", text);
  }

  public URI uri() {
    return parse(text);
  }

  public String scheme() {
    return text.substring(0, text.indexOf(':'));
  }

  /** The path of a {@code file:} or {@code dev:} disk. */
  public String path() {
    return pathOf(text);
  }

  private static String pathOf(String text) {
    String path = parse(text).getPath();
    return path == null ? "" : path;
  }

  /** The value of a query parameter, or null. */
  public String parameter(String name) {
    String query = uri().getQuery();
    if (query == null) return null;
    for (String pair : query.split("&")) {
      if (pair.startsWith(name + "=")) return pair.substring(name.length() + 1);
    }
    return null;
  }

  @Override
  public int compareTo(DiskUri other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
