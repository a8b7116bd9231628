package sluice.console.ui.editor;

import java.util.ArrayList;
import java.util.List;
import sluice.console.core.view.ObjectKey;

/** Which tabs a kind of object has: none that would be empty. */
final class Pages {
  private Pages() {}

  static List<ObjectPage> of(ObjectKey.Kind kind) {
    List<ObjectPage> pages = new ArrayList<>();
    pages.add(new OverviewPage());
    if (kind == ObjectKey.Kind.VOLUME || kind == ObjectKey.Kind.POOL || kind == ObjectKey.Kind.CLUSTER) pages.add(new LayoutPage());
    if (kind == ObjectKey.Kind.VOLUME || kind == ObjectKey.Kind.HOST || kind == ObjectKey.Kind.CLUSTER) pages.add(new RoutesPage());
    pages.add(new EventsPage());
    if (kind != ObjectKey.Kind.TASK) pages.add(new ActionsPage());
    return pages;
  }
}
