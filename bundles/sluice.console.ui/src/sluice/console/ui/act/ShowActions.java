package sluice.console.ui.act;

import java.util.List;
import org.eclipse.core.runtime.Status;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.statushandlers.StatusManager;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.editor.ObjectEditor;
import sluice.console.ui.look.Looks;
import sluice.console.ui.views.WhatIfView;
import sluice.console.ui.wizards.Copying;
import sluice.model.Alert;
import sluice.model.Disk;
import sluice.model.Host;
import sluice.model.Pool;
import sluice.model.San;
import sluice.model.SanObject;
import sluice.model.Server;
import sluice.model.User;
import sluice.model.Volume;

/** Looking at things: pages, pictures, names. They change nothing. */
final class ShowActions {
  private static final SanAction.Test OBJECT = s -> !s.objects().isEmpty() && s.objects().stream().allMatch(o -> o instanceof SanObject || o instanceof San || o instanceof User);

  private ShowActions() {}

  static List<SanAction> all() {
    return List.of(
        new SanAction("show", "Open", "open", "Open the page of what is selected.", s -> !shown(s).isEmpty(), Rules.always(),
            s -> shown(s).forEach(o -> ObjectEditor.open(s.window().getActivePage(), o))),
        view("show.diskmap", "Show disk map", "diskmap", "sluice.console.ui.diskmap", "Show the disks with what lies on them.",
            s -> s.one(Disk.class).isPresent() || s.one(Pool.class).isPresent() || s.one(Volume.class).isPresent() || s.one(San.class).isPresent()),
        view("show.topology", "Show paths", "topology", "sluice.console.ui.topology", "Show hosts, networks and disks, and the ways between them.",
            s -> s.one(Host.class).isPresent() || s.one(Volume.class).isPresent() || s.one(Disk.class).isPresent() || s.one(Server.class).isPresent()
                || s.one(Alert.class).isPresent() || s.one(San.class).isPresent()),
        view("show.recovery", "Show recovery", "recovery", "sluice.console.ui.recovery", "Show what is being rebuilt, from where to where, and how far it is.",
            s -> s.one(Volume.class).isPresent() || s.one(Alert.class).isPresent() || s.one(sluice.model.Task.class).isPresent()),
        view("show.whatif", "Show what if", "whatif", WhatIfView.ID, "Show what would be lost or degraded if this failed now.",
            s -> s.one(Disk.class).isPresent() || s.one(Host.class).isPresent() || s.one(Server.class).isPresent()),
        new SanAction("show.volumemap", "Show volume map", "volumemap", "Show the volume's copies with the extents that they are made of.",
            Rules.one(Volume.class), Rules.always(), s -> s.one(Volume.class).ifPresent(v -> ObjectEditor.open(s.window().getActivePage(), v, "Layout"))),
        new SanAction("copy.name", "Copy name", "copy", "Put the name into the clipboard.", OBJECT, Rules.always(),
            s -> copy(s, Looks.name(s.objects().get(0)))),
        new SanAction("copy.id", "Copy id", "copy", "Put the id into the clipboard, as commands and logs have it.", OBJECT, Rules.always(),
            s -> copy(s, Clusters.id((EObject) s.objects().get(0)))));
  }

  /** What has a page. An alert's is that of what it is about. */
  private static List<Object> shown(Subject s) {
    return s.objects().stream().flatMap(o -> o instanceof Alert a ? Clusters.objects(a).stream().limit(1).map(x -> (Object) x) : List.of(o).stream())
        .filter(o -> o instanceof SanObject || o instanceof San || o instanceof User).toList();
  }

  private static SanAction view(String id, String label, String icon, String view, String describe, SanAction.Test fits) {
    return new SanAction(id, label, icon, describe, fits, Rules.always(), s -> {
      try {
        IViewPart part = s.window().getActivePage().showView(view);
        if (part instanceof WhatIfView w) {
          s.all(EObject.class).stream().findFirst().ifPresent(w::about);
        } else if (part.getViewSite().getSelectionProvider() != null) {
          List<Object> objects = s.objects().stream().flatMap(o -> o instanceof Alert a ? Clusters.objects(a).stream().map(x -> (Object) x) : List.of(o).stream()).toList();
          part.getViewSite().getSelectionProvider().setSelection(new StructuredSelection(objects));
        }
      } catch (PartInitException e) {
        StatusManager.getManager().handle(Status.error(label + " failed.", e));
      }
    });
  }

  private static void copy(Subject s, String text) {
    Copying.copy(s.window().getShell().getDisplay(), text);
  }
}
