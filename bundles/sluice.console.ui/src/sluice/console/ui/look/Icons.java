package sluice.console.ui.look;

import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.jface.resource.ImageRegistry;
import org.eclipse.jface.resource.ResourceLocator;
import org.eclipse.jface.viewers.DecorationOverlayIcon;
import org.eclipse.jface.viewers.IDecoration;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Display;

/** The icons, from SVG files for any resolution. Each is made once and lives as long as the display. UI thread. */
public final class Icons {
  private static final String BUNDLE = "sluice.console.ui";
  private static ImageRegistry registry;

  private Icons() {}

  /** @param name of the file in icons/, without its ending */
  public static Image get(String name) {
    ImageRegistry all = all();
    if (all.getDescriptor(name) == null) all.put(name, descriptor(name));
    return all.get(name);
  }

  public static ImageDescriptor descriptor(String name) {
    return ResourceLocator.imageDescriptorFromBundle(BUNDLE, "icons/" + name + ".svg")
        .orElseGet(ImageDescriptor::getMissingImageDescriptor);
  }

  /** With a small mark at the lower right. @param mark null or empty: none */
  public static Image marked(String name, String mark) {
    if (mark == null || mark.isEmpty()) return get(name);
    String key = name + "+" + mark;
    ImageRegistry all = all();
    if (all.getDescriptor(key) == null) {
      all.put(key, new DecorationOverlayIcon(get(name), descriptor(mark), IDecoration.BOTTOM_RIGHT));
    }
    return all.get(key);
  }

  private static ImageRegistry all() {
    Display display = Display.getCurrent();
    // A test runs several displays, one after the other; a registry dies with its own.
    if (registry == null || of != display) {
      registry = new ImageRegistry(display);
      of = display;
    }
    return registry;
  }

  private static Display of;
}
