package sluice.net;

import sluice.api.SluiceException;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Welcome;

/** What comes over the links of a set. All on the set's one loop, in order for each link; must not block. */
public interface LinkListener {
  /** A session is open. */
  default void up(ControlLink link, Welcome welcome) {}

  /** It ended; calls sent over it get no answer any more. Another attempt follows unless the set is closed. */
  default void down(ControlLink link, String reason) {}

  /** An attempt ended without a session. @param refusal what the server said, or null if it said nothing */
  default void failed(ControlLink link, String reason, SluiceException refusal) {}

  /** Comes over every link; the newest number is in force. */
  default void assignments(ControlLink link, Assignments assignments) {}

  /** Comes over every link; of each volume the newest number is in force, if its run is the newest Welcome's. */
  default void orders(ControlLink link, Orders orders) {}

  /** The server has answered this heartbeat, over this link. */
  default void heartbeatAck(ControlLink link, long round) {}

  /** @param id as {@link ControlLink#call} gave it */
  default void reply(ControlLink link, long id, Reply reply) {}

  /** @param id of the watch's call, or 0 */
  default void pictureDelta(ControlLink link, long id, PictureDelta delta) {}
}
