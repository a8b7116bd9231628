package sluice.nbd;

import java.util.List;
import sluice.api.block.BlockDevice;

/**
 * A block device as one peer may use it; what a {@link ExportDirectory} grants.
 *
 * <p>All callbacks come on the server's loop, which must be the device's loop too. {@code opened} and {@code closed}
 * come in pairs, once for each connection that enters the transmission phase: {@code closed} comes after the last
 * request of that connection has completed, whatever became of the connection before. A peer that merely asks about
 * an export (INFO, LIST_META_CONTEXT) causes neither.
 *
 * @param device offers any range it likes; its alignment is announced as the minimum block size
 * @param readOnly changes end with EPERM; implied by a read-only device
 * @param description for people; may be empty
 * @param multiConn several connections see one another's flushed writes (NBD_FLAG_CAN_MULTI_CONN): true whenever all
 *     connections use one device object
 * @param contexts besides base:allocation, which is always there
 */
public record Export(BlockDevice device, boolean readOnly, String description, boolean multiConn,
    List<MetaContext> contexts, Runnable opened, Runnable closed) {
  public Export {
    contexts = List.copyOf(contexts);
    readOnly = readOnly || device.traits().readOnly();
  }

  /** An export of all there is of the device, shared by its connections, with nobody to tell. */
  public static Export of(BlockDevice device) {
    return new Export(device, false, "", true, List.of(), () -> {}, () -> {});
  }

  public Export withReadOnly(boolean value) {
    return new Export(device, value, description, multiConn, contexts, opened, closed);
  }

  public Export withDescription(String value) {
    return new Export(device, readOnly, value, multiConn, contexts, opened, closed);
  }

  public Export withMultiConn(boolean value) {
    return new Export(device, readOnly, description, value, contexts, opened, closed);
  }

  public Export withContexts(List<MetaContext> value) {
    return new Export(device, readOnly, description, multiConn, value, opened, closed);
  }

  public Export withCallbacks(Runnable whenOpened, Runnable whenClosed) {
    return new Export(device, readOnly, description, multiConn, contexts, whenOpened, whenClosed);
  }
}
