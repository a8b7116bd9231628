package sluice.client;

import java.util.UUID;

/** Names requests so that the server knows a repeated one. */
final class RequestIds {
  private RequestIds() {}

  static String next() {
    return UUID.randomUUID().toString();
  }
}
