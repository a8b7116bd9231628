package sluice.nbd.internal.server;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import sluice.nbd.internal.Nbd;

/** Takes the data of options apart ("Option types"). Pure. Null means that the data are not well formed. */
final class OptionData {
  /** Metadata queries in one option; as many as anyone can mean. */
  static final int MAX_QUERIES = 256;

  private OptionData() {}

  /** Of INFO and GO. */
  record Info(String name, boolean wantsName, boolean wantsDescription) {}

  /** Of LIST_META_CONTEXT and SET_META_CONTEXT. */
  record Meta(String name, List<String> queries) {}

  static Info info(byte[] data) {
    try {
      ByteBuffer in = ByteBuffer.wrap(data);
      String name = string(in);
      int count = in.getShort() & 0xffff;
      if (name == null || in.remaining() != 2 * count) return null;
      boolean wantsName = false;
      boolean wantsDescription = false;
      for (int i = 0; i < count; i++) {
        int type = in.getShort() & 0xffff;
        wantsName |= type == Nbd.INFO_NAME;
        wantsDescription |= type == Nbd.INFO_DESCRIPTION;
      }
      return new Info(name, wantsName, wantsDescription);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  static Meta meta(byte[] data) {
    try {
      ByteBuffer in = ByteBuffer.wrap(data);
      String name = string(in);
      int count = in.getInt();
      if (name == null || count < 0 || count > MAX_QUERIES) return null;
      List<String> queries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String query = string(in);
        if (query == null) return null;
        queries.add(query);
      }
      return in.hasRemaining() ? null : new Meta(name, queries);
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  /** The whole data as a name; null if it is too long. */
  static String name(byte[] data) {
    return data.length > Nbd.MAX_STRING ? null : new String(data, StandardCharsets.UTF_8);
  }

  private static String string(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > Nbd.MAX_STRING || length > in.remaining()) return null;
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
