package sluice.telemetry;

import java.nio.charset.StandardCharsets;

/**
 * What the endpoint needs of a request: method, path without the query, and the Authorization header. Pure.
 *
 * @param authorization null if there is none
 */
record HttpHead(String method, String path, String authorization) {
  /** Bytes of a request's head that are read at most; collectors send a few hundred. */
  static final int LIMIT = 8192;

  /** The number of bytes of the head including the empty line, or -1 if it has not come whole. */
  static int end(byte[] bytes, int length) {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') return i + 1;
    }
    return -1;
  }

  /** @return null if this is no head of an HTTP/1 request */
  static HttpHead parse(byte[] bytes, int length) {
    String[] lines = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3 || !first[2].startsWith("HTTP/1.") || !first[1].startsWith("/")) return null;
    String authorization = null;
    for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) return null;
      if (!lines[i].substring(0, colon).equalsIgnoreCase("Authorization")) continue;
      // two of them: which one another reader would believe is not known
      if (authorization != null) return null;
      authorization = lines[i].substring(colon + 1).trim();
    }
    int query = first[1].indexOf('?');
    return new HttpHead(first[0], query < 0 ? first[1] : first[1].substring(0, query), authorization);
  }
}
