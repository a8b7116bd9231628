package sluice.console.ui.look;

import org.eclipse.e4.ui.css.swt.theme.ITheme;
import org.eclipse.e4.ui.css.swt.theme.IThemeEngine;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.PlatformUI;

/** Light or dark, as the user chose it. UI thread. */
public final class Theme {
  public static final String LIGHT = "org.eclipse.e4.ui.css.theme.e4_default";
  public static final String DARK = "org.eclipse.e4.ui.css.theme.e4_dark";

  private Theme() {}

  public static Palette palette() {
    ITheme active = engine() == null ? null : engine().getActiveTheme();
    return active != null && active.getId().contains("dark") ? Palette.DARK : Palette.LIGHT;
  }

  /** From now on and after the next start. */
  public static void use(boolean dark) {
    IThemeEngine engine = engine();
    if (engine == null) return;
    // The light theme says nothing of what the dark one coloured: it has to be as it was before either.
    for (Shell s : Display.getCurrent().getShells()) plain(s);
    engine.setTheme(dark ? DARK : LIGHT, true);
  }

  private static void plain(Composite c) {
    for (Control k : c.getChildren()) {
      k.setForeground(null);
      k.setBackground(null);
      if (k instanceof Composite below) plain(below);
    }
  }

  private static IThemeEngine engine() {
    return PlatformUI.getWorkbench().getService(IThemeEngine.class);
  }
}
