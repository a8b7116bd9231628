package sluice.client;

import sluice.api.SluiceException;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;

/**
 * Hears a picture and then what changes of it, for those who keep it in a form of their own. On the client's loop; must
 * not block.
 */
public interface DeltaListener {
  /** A whole picture: at first, and after each gap or lost connection. What was heard before is void. */
  void picture(Picture picture);

  /** The next change: its number follows the one before, or the picture's. */
  void changed(PictureDelta delta);

  /** From here on what was heard only ages, until {@link #picture} comes again. */
  default void disconnected(String reason) {}

  /** The server does not allow it; nothing more comes. */
  default void refused(SluiceException problem) {}
}
