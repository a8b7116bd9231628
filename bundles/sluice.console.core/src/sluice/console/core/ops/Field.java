package sluice.console.core.ops;

import java.util.List;

/**
 * What an operation asks for; its value is text, as it was typed, so that nothing typed is lost.
 *
 * @param name as in the operation: "size"
 * @param label for people: "Size"
 * @param required must something be given?
 * @param hint what a good value looks like
 * @param choices of CHOICE and CHOICES: what there is, best first
 */
public record Field(String name, String label, Kind kind, boolean required, String hint, List<Choice> choices) {
  public enum Kind {
    TEXT,
    SIZE,
    RATE,
    DURATION,
    NUMBER,
    FLAG,
    /** One of the choices. */
    CHOICE,
    /** Some of the choices, and for disks' URIs also what is typed. */
    CHOICES,
    /** The name of what is destroyed, once more. */
    CONFIRM
  }

  /**
   * @param value what is put into the field
   * @param why why it cannot be chosen now; empty: it can
   */
  public record Choice(String value, String label, String why) {
    public boolean possible() {
      return why.isEmpty();
    }
  }

  public Field {
    choices = List.copyOf(choices);
  }

  static Field text(String name, String label, boolean required, String hint) {
    return new Field(name, label, Kind.TEXT, required, hint, List.of());
  }

  static Field of(String name, String label, Kind kind, boolean required, String hint) {
    return new Field(name, label, kind, required, hint, List.of());
  }

  static Field choice(String name, String label, List<Choice> choices) {
    return new Field(name, label, Kind.CHOICE, true, "", choices);
  }

  /** A choice that may be left open. */
  static Field maybe(String name, String label, List<Choice> choices) {
    return new Field(name, label, Kind.CHOICE, false, "", choices);
  }

  static Field choices(String name, String label, String hint, List<Choice> choices) {
    return new Field(name, label, Kind.CHOICES, true, hint, choices);
  }
}
