package sluice.console.ui.look;

import org.eclipse.emf.ecore.EObject;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.graphics.RGB;
import sluice.model.Alert;
import sluice.model.Disk;
import sluice.model.Health;
import sluice.model.Host;
import sluice.model.Pool;
import sluice.model.San;
import sluice.model.SanObject;
import sluice.model.Server;
import sluice.model.Severity;
import sluice.model.Task;
import sluice.model.TaskState;
import sluice.model.User;
import sluice.model.Volume;

/** A state is always icon, word and colour; an object always its kind's icon with its state's mark. */
public final class Looks {
  private Looks() {}

  /** "healthy". */
  public static String word(Health health) {
    return health == null ? "unknown" : health.getName().toLowerCase(java.util.Locale.ROOT);
  }

  /** The state's icon. */
  public static Image image(Health health) {
    return Icons.get("state-" + word(health));
  }

  public static RGB rgb(Health health, Palette palette) {
    if (health == null) return palette.grey();
    return switch (health) {
      case HEALTHY -> palette.green();
      case SYNCING -> palette.blue();
      case DEGRADED -> palette.amber();
      case FAILED -> palette.red();
      case CHANGING -> palette.violet();
      default -> palette.grey();
    };
  }

  /** Of what an object is, without its state. */
  public static String kind(Object o) {
    if (o instanceof San) return "cluster";
    if (o instanceof Server) return "server";
    if (o instanceof Host) return "host";
    if (o instanceof Disk) return "disk";
    if (o instanceof Pool) return "pool";
    if (o instanceof Volume) return "volume";
    if (o instanceof User) return "user";
    if (o instanceof Task) return "task";
    if (o instanceof Alert) return "alert";
    return "object";
  }

  public static String name(Object o) {
    if (o instanceof San s) return s.getLabel() != null ? s.getLabel() : s.getCluster() != null ? s.getCluster().getName() : "cluster";
    if (o instanceof SanObject s) return s.getName() == null || s.getName().isEmpty() ? String.valueOf(s.getId()) : s.getName();
    if (o instanceof User u) return u.getName();
    return o instanceof EObject e ? e.eClass().getName() : String.valueOf(o);
  }

  /** The kind's icon with its own state in colour, or in grey the worst of what is below it. */
  public static Image image(Object o, Health own, Health below) {
    return Icons.marked(icon(o), mark(own, below));
  }

  public static String icon(Object o) {
    String kind = kind(o);
    return kind.equals("object") ? "group" : kind;
  }

  /** Name of the small mark; empty if all is in order. */
  public static String mark(Health own, Health below) {
    if (own != null && own != Health.HEALTHY) return "ov-" + word(own);
    if (below != null && below != Health.HEALTHY && below != Health.UNKNOWN) return "ov-below-" + word(below);
    return "";
  }

  public static Image image(Severity severity) {
    return switch (severity) {
      case ERROR -> Icons.get("state-failed");
      case WARNING -> Icons.get("state-degraded");
      default -> Icons.get("event");
    };
  }

  /** "error", "warning", "note". */
  public static String word(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      default -> "note";
    };
  }

  /** "waiting" is a running task that does not go on at the moment. */
  public static String word(Task t) {
    if (t.getState() == TaskState.RUNNING && t.getWaitsFor() != null && !t.getWaitsFor().isEmpty()) return "waiting";
    return t.getState() == null ? "unknown" : t.getState().getName().toLowerCase(java.util.Locale.ROOT);
  }

  public static Health health(Task t) {
    return switch (t.getState()) {
      case RUNNING -> word(t).equals("waiting") ? Health.DEGRADED : Health.SYNCING;
      case PAUSED -> Health.DEGRADED;
      case DONE -> Health.HEALTHY;
      case FAILED -> Health.FAILED;
      default -> Health.OFFLINE;
    };
  }

  public static Image image(Task t) {
    return switch (word(t)) {
      case "waiting", "paused" -> Icons.get("pause");
      case "cancelled" -> Icons.get("cancel");
      default -> image(health(t));
    };
  }
}
