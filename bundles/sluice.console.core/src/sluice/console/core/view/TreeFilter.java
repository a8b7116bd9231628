package sluice.console.core.view;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;

/**
 * What of a SAN is left when somebody types words: objects whose name holds them all, in any case and order, and what those
 * are in. Pure; made once a keystroke, away from the user interface.
 */
public final class TreeFilter {
  private final String[] words;

  public TreeFilter(String typed) {
    words = typed.strip().toLowerCase(Locale.ROOT).split("\\s+");
  }

  /** Does it leave everything? */
  public boolean empty() {
    return words.length == 1 && words[0].isEmpty();
  }

  public boolean fits(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String w : words) if (!lower.contains(w)) return false;
    return true;
  }

  /** Those that fit, with the pools and hosts that they are in. */
  public Set<ObjectKey> of(SanView san) {
    Set<ObjectKey> left = new LinkedHashSet<>();
    for (Pool p : san.pools()) if (fits(p.getName())) left.add(key(ObjectKey.Kind.POOL, p.getId()));
    for (Host h : san.hosts()) if (fits(h.getName())) left.add(key(ObjectKey.Kind.HOST, h.getId()));
    for (User u : san.users()) if (fits(u.getName())) left.add(key(ObjectKey.Kind.USER, u.getName()));
    for (Disk d : san.disks()) {
      if (!fits(d.getName()) && !fits(d.getDomain())) continue;
      left.add(key(ObjectKey.Kind.DISK, d.getId()));
      left.add(key(ObjectKey.Kind.POOL, d.getPoolId()));
    }
    for (Volume v : san.volumes()) {
      if (!fits(v.getName())) continue;
      left.add(key(ObjectKey.Kind.VOLUME, v.getId()));
      left.add(key(ObjectKey.Kind.POOL, v.getPoolId()));
      for (Attachment a : v.getAttachmentsList()) left.add(key(ObjectKey.Kind.HOST, a.getHostId()));
    }
    for (Task t : san.tasks()) if (fits(san.name(t.getVolumeId()))) left.add(key(ObjectKey.Kind.TASK, t.getId()));
    return left;
  }

  private static ObjectKey key(ObjectKey.Kind kind, String id) {
    return new ObjectKey(kind, id);
  }
}
