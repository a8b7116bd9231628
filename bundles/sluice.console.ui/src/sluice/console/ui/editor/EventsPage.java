package sluice.console.ui.editor;

import java.util.List;
import java.util.function.Consumer;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.views.EventsView;
import sluice.model.Event;
import sluice.model.San;

/** What happened to the object. */
final class EventsPage implements ObjectPage {
  private LiveTable<Event> table;

  @Override
  public String title() {
    return "Events";
  }

  @Override
  public String icon() {
    return "event";
  }

  @Override
  public Control create(Composite parent, Consumer<Object> select, IWorkbenchWindow window) {
    table = EventsView.events(parent);
    return table.control();
  }

  @Override
  public void show(ShownCluster cluster, EObject object) {
    List<Event> all = cluster.san().getEvents();
    String id = Clusters.id(object);
    table.rows(object instanceof San ? all : all.stream().filter(e -> e.getObjects().contains(id)).toList());
  }
}
