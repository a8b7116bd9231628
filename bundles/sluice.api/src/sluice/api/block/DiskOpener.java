package sluice.api.block;

import java.util.concurrent.CompletionStage;
import sluice.api.DiskUri;

/** Opens disks of one or more URI schemes; a service of the bundle that knows them. */
public interface DiskOpener {
  /** Whether this opener serves the URI's scheme. */
  boolean serves(DiskUri uri);

  /**
   * Any thread: opens the disk for the loop; never blocks. Fails with a {@link sluice.api.SluiceException} that says
   * what is wrong with it (no such file, no rights, in use, not a disk, peer not there).
   *
   * @param readOnly opened so that it cannot be written
   */
  CompletionStage<BlockDevice> open(DiskUri uri, IoLoop loop, boolean readOnly);
}
