package sluice.client;

import sluice.api.SluiceException;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;

/** Hears what an administrator sees, and when that is no longer fresh. On the client's loop; must not block. */
public interface PictureListener {
  /** A whole picture: at first, and after each gap or lost connection. */
  void picture(Picture picture);

  /** Something changed. @param now the picture with it @param delta what it was, events included */
  void changed(Picture now, PictureDelta delta);

  /** From here on the last picture only ages, until {@link #picture} comes again. */
  default void disconnected(String reason) {}

  /** The server does not allow it; nothing more comes. */
  default void refused(SluiceException problem) {}
}
