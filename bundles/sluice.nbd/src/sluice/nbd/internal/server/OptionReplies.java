package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import sluice.api.block.BlockTraits;
import sluice.nbd.Export;
import sluice.nbd.internal.Nbd;

/** Writes what a server says while haggling ("Option reply types", "Transmission flags"). Pure. */
final class OptionReplies {
  private OptionReplies() {}

  static void greeting(ByteBuf out) {
    out.writeLong(Nbd.INIT_MAGIC).writeLong(Nbd.OPTION_MAGIC).writeShort(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES);
  }

  static void ack(ByteBuf out, int option) {
    header(out, option, Nbd.REP_ACK, 0);
  }

  static void error(ByteBuf out, int option, int type, String text) {
    byte[] message = utf8(text);
    header(out, option, type, message.length);
    out.writeBytes(message);
  }

  /** A line of LIST. */
  static void server(ByteBuf out, String name, String description) {
    byte[] n = utf8(name);
    byte[] d = utf8(description);
    header(out, Nbd.OPT_LIST, Nbd.REP_SERVER, 4 + n.length + d.length);
    out.writeInt(n.length).writeBytes(n).writeBytes(d);
  }

  static void metaContext(ByteBuf out, int option, int id, String name) {
    byte[] n = utf8(name);
    header(out, option, Nbd.REP_META_CONTEXT, 4 + n.length);
    out.writeInt(id).writeBytes(n);
  }

  /** All there is to say about an export, up to but without the ACK. */
  static void info(ByteBuf out, int option, OptionData.Info asked, Export export, boolean structured) {
    BlockTraits traits = export.device().traits();
    header(out, option, Nbd.REP_INFO, 12);
    out.writeShort(Nbd.INFO_EXPORT).writeLong(traits.size()).writeShort(flags(export, structured));
    header(out, option, Nbd.REP_INFO, 14);
    out.writeShort(Nbd.INFO_BLOCK_SIZE).writeInt(traits.alignment()).writeInt(preferred(traits)).writeInt(Nbd.MAX_PAYLOAD);
    if (asked.wantsName()) text(out, option, Nbd.INFO_NAME, asked.name());
    if (asked.wantsDescription() && !export.description().isEmpty()) {
      text(out, option, Nbd.INFO_DESCRIPTION, export.description());
    }
  }

  /** The answer to EXPORT_NAME, which has no header. */
  static void exportName(ByteBuf out, Export export, boolean structured, boolean noZeroes) {
    out.writeLong(export.device().traits().size()).writeShort(flags(export, structured));
    if (!noZeroes) out.writeZero(124);
  }

  /** "Size constraints": at least 512 and the minimum; at most what one request may carry. */
  private static int preferred(BlockTraits traits) {
    return Math.min(Math.max(traits.preferred(), 512), Nbd.MAX_PAYLOAD);
  }

  static int flags(Export export, boolean structured) {
    BlockTraits traits = export.device().traits();
    int flags = Nbd.FLAG_HAS_FLAGS | Nbd.FLAG_SEND_FLUSH | Nbd.FLAG_SEND_FUA | Nbd.FLAG_SEND_CACHE;
    if (traits.rotational()) flags |= Nbd.FLAG_ROTATIONAL;
    if (structured) flags |= Nbd.FLAG_SEND_DF;
    if (export.multiConn()) flags |= Nbd.FLAG_CAN_MULTI_CONN;
    if (export.readOnly()) return flags | Nbd.FLAG_READ_ONLY;
    if (traits.trim()) flags |= Nbd.FLAG_SEND_TRIM;
    return flags | Nbd.FLAG_SEND_WRITE_ZEROES | Nbd.FLAG_SEND_FAST_ZERO;
  }

  private static void text(ByteBuf out, int option, int type, String text) {
    byte[] bytes = utf8(text);
    header(out, option, Nbd.REP_INFO, 2 + bytes.length);
    out.writeShort(type).writeBytes(bytes);
  }

  private static void header(ByteBuf out, int option, int type, int length) {
    out.writeLong(Nbd.OPTION_REPLY_MAGIC).writeInt(option).writeInt(type).writeInt(length);
  }

  /** "Conventions": strings are at most 4096 bytes; a longer one is cut at a character. */
  private static byte[] utf8(String text) {
    String t = text;
    while (ByteBufUtil.utf8Bytes(t) > Nbd.MAX_STRING) {
      int end = Math.min(t.length() - 1, Nbd.MAX_STRING);
      t = t.substring(0, Character.isHighSurrogate(t.charAt(end - 1)) ? end - 1 : end);
    }
    return t.getBytes(StandardCharsets.UTF_8);
  }
}
