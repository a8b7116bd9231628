package sluice.agent.serverroute;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockRequest;

/** A connection to the server for one volume; what {@link sluice.nbd.NbdClient} says of its methods holds. On the loop. */
interface ServerLink {
  void submit(BlockRequest request);

  void status(long offset, long length, StatusSink sink);

  void abandonReads();

  void peerFenced();

  void onDisconnect(Consumer<String> listener);

  CompletionStage<Void> close();
}
