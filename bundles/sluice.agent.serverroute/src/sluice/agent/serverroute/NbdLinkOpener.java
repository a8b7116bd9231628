package sluice.agent.serverroute;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoLoop;
import sluice.api.route.VolumeAccess;
import sluice.api.security.TlsIdentity;
import sluice.nbd.ClientOptions;
import sluice.nbd.NbdClient;

/** Over NBD and TLS. The export's name says which connection is the newer one: {@code VOLUME?route=INCARNATION.GENERATION}. */
final class NbdLinkOpener implements LinkOpener {
  /** Short, since requests wait for it and there may be another address to try. */
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int MAX_REQUESTS = 256;

  private final VolumeAccess access;
  private final IoLoop loop;
  private final TlsIdentity identity;

  NbdLinkOpener(VolumeAccess access, IoLoop loop, TlsIdentity identity) {
    this.access = access;
    this.loop = loop;
    this.identity = identity;
  }

  @Override
  public CompletionStage<ServerLink> open(InetSocketAddress address, long generation) {
    String export = access.volumeId() + "?route=" + access.incarnation() + "." + generation;
    ClientOptions options = ClientOptions.to(address, export)
        .withTls(identity.context(), null)
        .withReadOnly(access.readOnly())
        .withConnectTimeout(CONNECT)
        .withMaxRequests(MAX_REQUESTS);
    return NbdClient.connect(loop, options).thenApply(NbdLink::new);
  }

  private record NbdLink(NbdClient client) implements ServerLink {
    @Override
    public void submit(BlockRequest request) {
      client.submit(request);
    }

    @Override
    public void status(long offset, long length, StatusSink sink) {
      client.status(offset, length, sink);
    }

    @Override
    public void abandonReads() {
      client.abandonReads();
    }

    @Override
    public void peerFenced() {
      client.peerFenced();
    }

    @Override
    public void onDisconnect(Consumer<String> listener) {
      client.onDisconnect(listener);
    }

    @Override
    public CompletionStage<Void> close() {
      return client.close();
    }
  }
}
