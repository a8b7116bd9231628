package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.nbd.Export;
import sluice.nbd.ExportDirectory;
import sluice.nbd.ExportResult;
import sluice.nbd.MetaContext;
import sluice.nbd.internal.Nbd;
import sluice.nbd.internal.Printable;

/**
 * Haggling, what options mean ("Option types"): asks the directory and says what to answer. One option at a time; what
 * STRUCTURED_REPLY and SET_META_CONTEXT agreed on is kept here until an export is opened.
 */
final class Options {
  private static final Logger LOG = LoggerFactory.getLogger(Options.class);

  /** Makes the handler of the transmission phase. */
  interface Opener {
    /** @return null if the device cannot be served here */
    Transmission open(String name, Export export, boolean structured, List<StatusReply.Selected> contexts);
  }

  /**
   * The answer to an option.
   *
   * @param out what to send; may be null
   * @param begun the handler of the transmission phase, if it begins now
   * @param cut why the peer is to be cut off; null if it is not
   */
  record Answer(ByteBuf out, Transmission begun, String cut) {}

  private final ServerConnection connection;
  private final ExportDirectory exports;
  private final Opener opener;
  private boolean noZeroes;
  private boolean structured;
  /** Of the last SET_META_CONTEXT, with the numbers told to the client by position. */
  private List<String> selected = List.of();
  private String selectedFor = "";
  private ByteBufAllocator allocator;
  private Consumer<Answer> answer;
  private int option;

  Options(ServerConnection connection, ExportDirectory exports, Opener opener) {
    this.connection = connection;
    this.exports = exports;
    this.opener = opener;
  }

  void noZeroes(boolean value) {
    noZeroes = value;
  }

  /** TLS begins: what was agreed on in the clear does not count ("NBD_OPT_STARTTLS"). */
  void forget() {
    structured = false;
    selected = List.of();
  }

  /** Answers once, now or later, on the loop. */
  void take(int type, byte[] data, ByteBufAllocator alloc, Consumer<Answer> to) {
    option = type;
    allocator = alloc;
    answer = to;
    switch (type) {
      case Nbd.OPT_EXPORT_NAME -> exportName(data);
      case Nbd.OPT_LIST -> list(data);
      case Nbd.OPT_INFO, Nbd.OPT_GO -> info(data);
      case Nbd.OPT_STRUCTURED_REPLY -> structuredReply(data);
      case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> meta(data);
      default -> error(Nbd.REP_ERR_UNSUP, "this server does not know option " + Integer.toUnsignedString(type));
    }
  }

  private void exportName(byte[] data) {
    String name = OptionData.name(data);
    if (name == null) {
      answer.accept(new Answer(null, null, "an export's name is too long"));
      return;
    }
    exports.lookup(name, connection.peer(), result -> {
      Export export = result.export();
      Transmission begun = export == null ? null : open(name, export);
      if (begun == null) {
        // This option has no way to say no ("NBD_OPT_EXPORT_NAME").
        answer.accept(new Answer(null, null, "export '" + Printable.of(name) + "' is refused: " + result.reason()));
        return;
      }
      ByteBuf out = allocator.buffer(134);
      OptionReplies.exportName(out, export, structured, noZeroes);
      answer.accept(new Answer(out, begun, null));
    });
  }

  private void list(byte[] data) {
    if (data.length != 0) {
      error(Nbd.REP_ERR_INVALID, "LIST takes no data");
      return;
    }
    exports.list(connection.peer(), listed -> {
      ByteBuf out = allocator.buffer(256);
      int n = Math.min(listed.size(), ExportDirectory.MAX_LISTED);
      for (int i = 0; i < n; i++) OptionReplies.server(out, listed.get(i).name(), listed.get(i).description());
      ack(out);
    });
  }

  private void structuredReply(byte[] data) {
    if (data.length != 0) {
      error(Nbd.REP_ERR_INVALID, "STRUCTURED_REPLY takes no data");
      return;
    }
    structured = true;
    ack(allocator.buffer(32));
  }

  private void info(byte[] data) {
    OptionData.Info asked = OptionData.info(data);
    if (asked == null) {
      error(Nbd.REP_ERR_INVALID, "the option's data are not well formed");
      return;
    }
    exports.lookup(asked.name(), connection.peer(), result -> {
      Export export = result.export();
      if (export == null) {
        refused(asked.name(), result);
        return;
      }
      Transmission begun = null;
      if (option == Nbd.OPT_GO) {
        begun = open(asked.name(), export);
        if (begun == null) {
          error(Nbd.REP_ERR_SHUTDOWN, "the connection is being closed");
          return;
        }
      }
      ByteBuf out = allocator.buffer(256);
      OptionReplies.info(out, option, asked, export, structured);
      OptionReplies.ack(out, option);
      answer.accept(new Answer(out, begun, null));
    });
  }

  private Transmission open(String name, Export export) {
    if (connection.closing()) return null;
    List<StatusReply.Selected> contexts = new ArrayList<>();
    if (name.equals(selectedFor)) {
      List<MetaContext> available = MetaQueries.available(export);
      for (int id = 0; id < selected.size(); id++) {
        for (MetaContext context : available) {
          if (context.name().equals(selected.get(id))) contexts.add(new StatusReply.Selected(id, context));
        }
      }
    }
    return opener.open(name, export, structured, contexts);
  }

  private void meta(byte[] data) {
    boolean set = option == Nbd.OPT_SET_META_CONTEXT;
    // Whatever comes of it, it replaces what was selected before.
    if (set) selected = List.of();
    OptionData.Meta asked = OptionData.meta(data);
    if (asked == null) {
      error(Nbd.REP_ERR_INVALID, "the option's data are not well formed");
      return;
    }
    if (!structured) {
      error(Nbd.REP_ERR_INVALID, "metadata contexts need structured replies");
      return;
    }
    exports.lookup(asked.name(), connection.peer(), result -> {
      if (result.export() == null) {
        refused(asked.name(), result);
        return;
      }
      List<MetaContext> available = MetaQueries.available(result.export());
      ByteBuf out = allocator.buffer(256);
      List<String> names = set ? MetaQueries.selected(available, asked.queries()) : MetaQueries.listed(available, asked.queries());
      if (set) {
        selected = names;
        selectedFor = asked.name();
      }
      // "NBD_OPT_LIST_META_CONTEXT": the number is reserved there.
      for (int id = 0; id < names.size(); id++) OptionReplies.metaContext(out, option, set ? id : 0, names.get(id));
      ack(out);
    });
  }

  private void refused(String name, ExportResult result) {
    LOG.info("connection {}: {} may not open export '{}': {}", connection.id(), connection.peer(),
        Printable.of(name), result.reason());
    if (result.mayBeTold()) error(Nbd.REP_ERR_POLICY, result.reason());
    else error(Nbd.REP_ERR_UNKNOWN, "there is no such export for you");
  }

  private void error(int type, String text) {
    ByteBuf out = allocator.buffer(128);
    OptionReplies.error(out, option, type, text);
    answer.accept(new Answer(out, null, null));
  }

  private void ack(ByteBuf out) {
    OptionReplies.ack(out, option);
    answer.accept(new Answer(out, null, null));
  }
}
