package sluice.nbd;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockTraits;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;

/**
 * Opens {@code nbd://host[:port]/export}, {@code nbds://host[:port]/export} and {@code nbd+unix:///export?socket=PATH} (the "NBD
 * URI" document of the same project). {@code nbds:} needs an {@link NbdCredentials} service; there is no falling back
 * to plain text.
 */
@Component
public final class NbdDiskOpener implements DiskOpener {
  /** IANA's port for NBD. */
  public static final int DEFAULT_PORT = 10809;
  /** A disk is a whole number of these. */
  private static final int UNIT = 4096;

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile NbdCredentials credentials;

  /** For declarative services. */
  public NbdDiskOpener() {}

  /** Outside OSGi. */
  public NbdDiskOpener(NbdCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public boolean serves(DiskUri uri) {
    return switch (uri.scheme()) {
      case "nbd", "nbds", "nbd+unix" -> true;
      default -> false;
    };
  }

  @Override
  public CompletionStage<BlockDevice> open(DiskUri uri, IoLoop loop, boolean readOnly) {
    ClientOptions options;
    try {
      options = options(uri, readOnly);
    } catch (SluiceException e) {
      return CompletableFuture.failedFuture(e);
    }
    return NbdClient.connect(loop, options).thenCompose(client -> checked(uri, client, readOnly));
  }

  ClientOptions options(DiskUri uri, boolean readOnly) {
    String path = uri.uri().getPath();
    String export = path == null || path.isEmpty() ? "" : path.substring(1);
    ClientOptions options = ClientOptions.to(address(uri), export).withReadOnly(readOnly);
    if (!uri.scheme().equals("nbds")) return options;
    NbdCredentials proof = credentials;
    if (proof == null) {
      throw new SluiceException(ErrorCode.UNAVAILABLE, "the disk " + uri + " cannot be opened",
          "this program has no certificate to use with nbds", "enrol it, or use nbd: on a network that is trusted", uri.text());
    }
    return options.withTls(proof.context(), proof.checksHostName() ? uri.uri().getHost() : null);
  }

  private static SocketAddress address(DiskUri uri) {
    if (uri.scheme().equals("nbd+unix")) return new DomainSocketAddress(uri.parameter("socket"));
    URI u = uri.uri();
    String host = u.getHost();
    if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
    return InetSocketAddress.createUnresolved(host, u.getPort() < 0 ? DEFAULT_PORT : u.getPort());
  }

  private static CompletionStage<BlockDevice> checked(DiskUri uri, NbdClient client, boolean readOnly) {
    BlockTraits traits = client.traits();
    String why = null;
    String correction = "export a disk of a whole number of 4 KiB blocks";
    if (traits.size() < UNIT) why = "it is only " + traits.size() + " bytes large";
    else if (traits.size() % UNIT != 0) why = "its size of " + traits.size() + " bytes is not a multiple of " + UNIT;
    if (!readOnly && traits.readOnly()) {
      why = "the server exports it read-only";
      correction = "make the export writable";
    }
    if (why == null) return CompletableFuture.completedFuture(client);
    SluiceException refused = new SluiceException(
        ErrorCode.CONFLICT, "the disk " + uri + " cannot be used", why, correction, uri.text());
    CompletableFuture<BlockDevice> failed = new CompletableFuture<>();
    client.close().whenComplete((done, error) -> failed.completeExceptionally(refused));
    return failed;
  }
}
