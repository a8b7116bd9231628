package sluice.agent.volume;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.DiskUri;
import sluice.api.SluiceException;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.VolumeAccess;
import sluice.core.layout.LayoutMapping;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Disk;

/** What a route needs, of what the server assigned and this host found. Pure but for the log. */
final class AccessBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(AccessBuilder.class);

  private AccessBuilder() {}

  /**
   * @param own this host's ways to disks; they come before the server's
   * @param onlyOwn whether the server's are left out
   * @param before the access there is, whose layout is kept if it is the same; or null
   * @throws SluiceException if the layout cannot be used
   */
  static VolumeAccess access(Assignment a, Map<String, List<DiskUri>> own, boolean onlyOwn, List<InetSocketAddress> servers,
      long incarnation, VolumeAccess before, Assignment beforeAssigned) {
    boolean same = before != null && beforeAssigned.getVolume().getLayout().equals(a.getVolume().getLayout())
        && beforeAssigned.getVolume().getSizeBytes() == a.getVolume().getSizeBytes();
    VolumeLayout layout = same ? before.layout() : LayoutMapping.layout(a.getVolume());
    Map<String, List<DiskUri>> ways = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (Disk disk : a.getDisksList()) {
      List<DiskUri> of = new ArrayList<>(own.getOrDefault(disk.getId(), List.of()));
      for (String text : onlyOwn ? List.<String>of() : disk.getUrisList()) {
        DiskUri uri = uri(text);
        if (uri != null && !of.contains(uri)) of.add(uri);
      }
      ways.put(disk.getId(), List.copyOf(of));
      names.put(disk.getId(), disk.getName());
    }
    return new VolumeAccess(a.getVolume().getId(), a.getVolume().getName(), a.getAccess() != Access.READ_WRITE, layout, ways,
        a.getVolume().getPoolId(), a.getClusterId(), names, List.copyOf(servers), incarnation);
  }

  private static DiskUri uri(String text) {
    try {
      return new DiskUri(text);
    } catch (SluiceException e) {
      LOG.warn("the server names a way to a disk that this agent does not know: {}", e.getMessage());
      return null;
    }
  }
}
