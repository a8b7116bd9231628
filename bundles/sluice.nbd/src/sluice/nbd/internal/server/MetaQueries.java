package sluice.nbd.internal.server;

import java.util.ArrayList;
import java.util.List;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.nbd.Export;
import sluice.nbd.MetaContext;
import sluice.nbd.internal.Nbd;

/** Which metadata contexts a list of queries means ("Metadata querying"). Pure. */
final class MetaQueries {
  private MetaQueries() {}

  /** All contexts of an export; base:allocation comes first. */
  static List<MetaContext> available(Export export) {
    List<MetaContext> all = new ArrayList<>();
    all.add(new BaseAllocation(export.device()));
    all.addAll(export.contexts());
    return all;
  }

  /** For LIST: none asks for all, a query that ends with a colon for all that begin so, others for themselves. */
  static List<String> listed(List<MetaContext> available, List<String> queries) {
    List<String> names = new ArrayList<>();
    for (MetaContext context : available) {
      if (queries.isEmpty() || queries.stream().anyMatch(q -> matches(context.name(), q))) names.add(context.name());
    }
    return names;
  }

  /** For SET: exact names only; each once, in the export's order. */
  static List<String> selected(List<MetaContext> available, List<String> queries) {
    return available.stream().map(MetaContext::name).filter(queries::contains).toList();
  }

  private static boolean matches(String name, String query) {
    return query.endsWith(":") ? name.startsWith(query) : name.equals(query);
  }

  /** What the device itself knows. */
  private record BaseAllocation(BlockDevice device) implements MetaContext {
    @Override
    public String name() {
      return Nbd.BASE_ALLOCATION;
    }

    @Override
    public void status(long offset, long length, StatusSink sink) {
      device.status(offset, length, sink);
    }
  }
}
