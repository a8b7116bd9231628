package sluice.console.ui.act;

/**
 * One thing that can be done.
 *
 * @param id of the command, without the bundle's name
 * @param label as in menus, without what it is done to
 * @param icon name of its file
 * @param describe a sentence: what it does
 * @param fits is it meant for such objects at all? If not it is not offered in their menu
 * @param whyNot why it is not possible now, in words that say what would make it so; empty: it is
 * @param run does it, or opens the dialog that does
 */
public record SanAction(String id, String label, String icon, String describe, Test fits, Reason whyNot, Deed run) {
  /** The command's whole id. */
  public String commandId() {
    return "sluice.console.ui." + id;
  }

  public boolean possible(Subject s) {
    return fits.of(s) && whyNot.of(s).isEmpty();
  }

  /** Is it meant for this? */
  public interface Test {
    boolean of(Subject s);
  }

  /** Empty if nothing speaks against it. */
  public interface Reason {
    String of(Subject s);
  }

  /** Does it. */
  public interface Deed {
    void to(Subject s);
  }
}
