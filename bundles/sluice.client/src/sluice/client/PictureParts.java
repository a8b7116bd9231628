package sluice.client;

import java.util.Optional;
import sluice.protocol.v1.Picture;

/** Puts together a picture that comes in parts. One owner; no thread of its own. */
final class PictureParts {
  private Picture.Builder whole;
  private int next;

  /** The picture, if this was its last part. One that begins anew makes what came before void; one out of turn is dropped. */
  Optional<Picture> add(Picture part) {
    if (part.getPart() == 0) {
      if (!part.getMore()) return Optional.of(part);
      whole = part.toBuilder();
      next = 1;
      return Optional.empty();
    }
    if (whole == null || part.getPart() != next) return Optional.empty();
    next++;
    whole.mergeFrom(part);
    if (part.getMore()) return Optional.empty();
    Picture made = whole.clearPart().clearMore().build();
    whole = null;
    return Optional.of(made);
  }
}
