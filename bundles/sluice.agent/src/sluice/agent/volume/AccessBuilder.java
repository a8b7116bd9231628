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
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;

/** What a route needs, of what the server assigned and this host found. Pure but for the log. */
final class AccessBuilder {
  private static final Logger LOG = LoggerFactory.getLogger(AccessBuilder.class);

  private AccessBuilder() {}

  /**
   * @param hostId of this host
   * @param own this host's ways to disks; they come before the server's
   * @param onlyOwn whether the server's are left out
   * @param before the access there is, whose layout is kept if its epoch is the same; or null
   * @throws SluiceException if the layout cannot be used
   */
  static VolumeAccess access(Assignment a, String hostId, Map<String, List<DiskUri>> own, boolean onlyOwn,
      List<InetSocketAddress> servers, long incarnation, VolumeAccess before) {
    // Within an epoch only notes about a recovery change, which are nothing to a host.
    boolean same = before != null && before.layout().epoch() == a.getVolume().getLayout().getEpoch()
        && before.layout().size() == a.getVolume().getSizeBytes();
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
    boolean readOnly = a.getAccess() != Access.READ_WRITE;
    return new VolumeAccess(a.getVolume().getId(), a.getVolume().getName(), readOnly, layout, ways, a.getVolume().getPoolId(),
        a.getClusterId(), names, List.copyOf(servers), incarnation, readOnly ? -1 : slot(a, hostId));
  }

  private static int slot(Assignment a, String hostId) {
    for (Attachment held : a.getVolume().getAttachmentsList()) {
      if (held.getHostId().equals(hostId) && held.getSlot() > 0) return held.getSlot();
    }
    return -1;
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
