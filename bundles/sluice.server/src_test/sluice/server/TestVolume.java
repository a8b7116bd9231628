package sluice.server;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoLoop;
import sluice.nbd.ClientOptions;
import sluice.nbd.NbdClient;
import sluice.net.HostPort;
import sluice.net.pki.Identity;

/** A volume over the server route, as a host's program uses it; blocking, for tests. */
public final class TestVolume {
  public final NbdClient client;

  private TestVolume(NbdClient client) {
    this.client = client;
  }

  /** Fails with what the connection fails with. */
  public static TestVolume open(IoLoop loop, HostPort address, Identity identity, String name) throws Throwable {
    try {
      return new TestVolume(NbdClient.connect(loop, ClientOptions.to(new InetSocketAddress(address.host(), address.port()), name)
          .withTls(identity.sslContext(), null)).toCompletableFuture().get(60, TimeUnit.SECONDS));
    } catch (java.util.concurrent.ExecutionException e) {
      Throwable t = e.getCause();
      while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
      throw t;
    }
  }

  public int write(long offset, byte[] data) throws Exception {
    return run(client, BlockOp.WRITE, offset, data);
  }

  public int read(long offset, byte[] into) throws Exception {
    return run(client, BlockOp.READ, offset, into);
  }

  public static int run(BlockDevice device, BlockOp op, long offset, byte[] data) throws Exception {
    CompletableFuture<Integer> done = new CompletableFuture<>();
    device.loop().execute(() -> {
      IoBuffer buffer = device.loop().buffers().take(data.length);
      if (op == BlockOp.WRITE) buffer.bytes().put(IoBuffer.HEADROOM, data);
      BlockRequest request = new BlockRequest() {
        @Override
        public void completed(int error) {
          if (op == BlockOp.READ && error == 0) this.buffer.bytes().get(this.bufferIndex, data);
          this.buffer.release();
          done.complete(error);
        }
      };
      request.set(op, op == BlockOp.WRITE ? BlockRequest.FUA : 0, offset, data.length);
      request.buffer = buffer;
      request.bufferIndex = IoBuffer.HEADROOM;
      device.submit(request);
    });
    return done.get(60, TimeUnit.SECONDS);
  }
}
