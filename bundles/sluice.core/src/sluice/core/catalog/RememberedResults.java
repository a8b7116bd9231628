package sluice.core.catalog;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;

/**
 * Results by who asked and request id, so that a command that comes twice has one effect, and nobody is answered with what
 * another was told. Bounded in number, and in bytes, since a refused placement names every disk of its pool.
 */
final class RememberedResults {
  /** @param asker empty in what older versions have kept: it matches everybody, as it did then */
  record Key(String asker, String requestId) {
    static Key of(Command command) {
      Actor actor = command.getActor();
      return new Key(actor.getKindValue() + ":" + actor.getName(), command.getRequestId());
    }
  }

  private final Map<Key, CommandResult> results = new LinkedHashMap<>();
  private long bytes;

  CommandResult get(Key key) {
    CommandResult own = results.get(key);
    return own != null ? own : results.get(new Key("", key.requestId));
  }

  /** In the order they came in. */
  Map<Key, CommandResult> all() {
    return results;
  }

  void add(Key key, CommandResult result) {
    CommandResult old = results.put(key, result);
    bytes += size(key, result) - (old == null ? 0 : size(key, old));
    Iterator<Map.Entry<Key, CommandResult>> oldest = results.entrySet().iterator();
    while (results.size() > CatalogLimits.RESULTS || bytes > CatalogLimits.RESULTS_BYTES && results.size() > 1) {
      Map.Entry<Key, CommandResult> entry = oldest.next();
      bytes -= size(entry.getKey(), entry.getValue());
      oldest.remove();
    }
  }

  private static long size(Key key, CommandResult result) {
    return key.asker.length() + key.requestId.length() + result.getSerializedSize();
  }
}
