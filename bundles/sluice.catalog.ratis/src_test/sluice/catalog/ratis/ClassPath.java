package sluice.catalog.ratis;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Where the classes of these tests lie, for another process that shall have them. */
final class ClassPath {
  private ClassPath() {}

  static String ofThis() {
    Class<?>[] needed = {ClassPath.class, RatisCatalogEngine.class, sluice.catalog.CatalogEngine.class,
        sluice.core.catalog.Catalog.class, sluice.core.placement.Placement.class, sluice.api.SluiceException.class,
        sluice.protocol.v1.Command.class, sluice.ratis.OneMemberRpc.class, com.google.protobuf.Message.class,
        org.apache.ratis.conf.RaftProperties.class, org.apache.ratis.server.RaftServer.class,
        org.apache.ratis.server.impl.ServerImplUtils.class, org.apache.ratis.proto.RaftProtos.class,
        org.apache.ratis.client.RaftClient.class, org.apache.ratis.grpc.GrpcConfigKeys.class,
        org.apache.ratis.metrics.RatisMetricRegistry.class, org.apache.ratis.metrics.impl.JvmMetrics.class,
        org.apache.ratis.thirdparty.com.google.protobuf.ByteString.class, org.slf4j.Logger.class,
        org.junit.jupiter.api.Assertions.class, org.junit.platform.commons.util.Preconditions.class,
        org.opentest4j.AssertionFailedError.class};
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> c : needed) {
      try {
        places.add(Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join(File.pathSeparator, places);
  }
}
