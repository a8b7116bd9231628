package sluice.client;

import sluice.api.SluiceException;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;

/** Puts the changes together for a {@link PictureListener}. On the client's loop. */
final class FoldingListener implements DeltaListener {
  private final PictureListener listener;
  private Picture now;

  FoldingListener(PictureListener listener) {
    this.listener = listener;
  }

  @Override
  public void picture(Picture picture) {
    now = picture;
    listener.picture(picture);
  }

  @Override
  public void changed(PictureDelta delta) {
    now = PictureFold.apply(now, delta);
    listener.changed(now, delta);
  }

  @Override
  public void disconnected(String reason) {
    listener.disconnected(reason);
  }

  @Override
  public void refused(SluiceException problem) {
    listener.refused(problem);
  }
}
