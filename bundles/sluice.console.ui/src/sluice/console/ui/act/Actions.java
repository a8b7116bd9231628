package sluice.console.ui.act;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All actions, in the order in which menus and pages have them. */
public final class Actions {
  private static final Map<String, SanAction> ALL = new LinkedHashMap<>();

  static {
    for (List<SanAction> some : List.of(ClusterActions.all(), ShowActions.all(), OperationActions.all())) {
      for (SanAction a : some) ALL.put(a.id(), a);
    }
  }

  private Actions() {}

  public static List<SanAction> all() {
    return List.copyOf(ALL.values());
  }

  /** Those that a page or menu of what is selected offers, possible now or not. */
  public static List<SanAction> offered(Subject s) {
    return ALL.values().stream().filter(a -> a.fits().of(s) && OperationActions.offered(a, s)).toList();
  }

  /** @throws IllegalArgumentException if there is none: plugin.xml and this program are out of step */
  public static SanAction get(String id) {
    SanAction found = ALL.get(id);
    if (found == null) throw new IllegalArgumentException("no action '" + id + "'");
    return found;
  }
}
