package sluice.nbd;

import sluice.api.block.BlockDevice.StatusSink;

/**
 * A metadata context of an export besides {@code base:allocation}, for example {@code qemu:dirty-bitmap:NAME} (NBD
 * protocol, "Metadata querying"). Called on the export's loop.
 */
public interface MetaContext {
  /** Namespace, colon and leaf; at most 4096 bytes of UTF-8. */
  String name();

  /**
   * Describes a range as {@link sluice.api.block.BlockDevice#status} does; the meaning of a range's flags is this
   * context's. Calls the sink's {@code completed} exactly once, on the loop, now or later.
   */
  void status(long offset, long length, StatusSink sink);
}
