package sluice.console.core.ops;

import java.util.List;
import java.util.function.Function;
import sluice.api.ByteSize;
import sluice.console.core.view.SanView;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Host;

/** What there is to choose from, with why not. Pure. */
final class Choices {
  private Choices() {}

  static List<Field.Choice> pools(SanView san) {
    return Operation.sorted(san.pools().stream()
        .map(p -> Operation.choice(p.getId(), p.getName() + ", " + new ByteSize(san.poolUsage(p.getId()).getFreeBytes()) + " free")).toList());
  }

  static List<Field.Choice> volumes(SanView san) {
    return Operation.sorted(san.volumes().stream().map(v -> Operation.choice(v.getId(), v.getName())).toList());
  }

  static List<Field.Choice> hosts(SanView san, Function<Host, String> whyNot) {
    return Operation.sorted(san.hosts().stream().map(h -> new Field.Choice(h.getId(), h.getName(), whyNot.apply(h))).toList());
  }

  static List<Field.Choice> disks(SanView san, Function<Disk, String> whyNot) {
    return Operation.sorted(san.disks().stream()
        .map(d -> new Field.Choice(d.getId(), d.getName() + ", " + new ByteSize(d.getCapacityBytes()), whyNot.apply(d))).toList());
  }
}
