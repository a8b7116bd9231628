package sluice.core.catalog;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import sluice.protocol.v1.CommandResult;

/**
 * Results by request id, so that a command that comes twice has one effect. Bounded in number, and in bytes, since a
 * refused placement names every disk of its pool.
 */
final class RememberedResults {
  private final Map<String, CommandResult> results = new LinkedHashMap<>();
  private long bytes;

  CommandResult get(String requestId) {
    return results.get(requestId);
  }

  /** In the order they came in. */
  Map<String, CommandResult> all() {
    return results;
  }

  void add(String requestId, CommandResult result) {
    CommandResult old = results.put(requestId, result);
    bytes += size(requestId, result) - (old == null ? 0 : size(requestId, old));
    Iterator<Map.Entry<String, CommandResult>> oldest = results.entrySet().iterator();
    while (results.size() > CatalogLimits.RESULTS || bytes > CatalogLimits.RESULTS_BYTES && results.size() > 1) {
      Map.Entry<String, CommandResult> entry = oldest.next();
      bytes -= size(entry.getKey(), entry.getValue());
      oldest.remove();
    }
  }

  private static long size(String requestId, CommandResult result) {
    return requestId.length() + result.getSerializedSize();
  }
}
