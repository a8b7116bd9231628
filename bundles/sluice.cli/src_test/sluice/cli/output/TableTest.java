package sluice.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {
  private static String print(Table table) {
    StringWriter out = new StringWriter();
    table.print(new PrintWriter(out), "none");
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void numbersAreAlignedToTheRightAndTextToTheLeft() {
    Table table = new Table().text("NAME").number("SIZE").text("WHY").row("v1", "10 GiB", "").row("longer", "1 MiB", "because");
    assertEquals("""
        NAME      SIZE  WHY
        v1      10 GiB  -
        longer   1 MiB  because
        """, print(table));
  }

  @Test
  void aTableWithoutRowsSaysSoInASentence() {
    assertEquals("none\n", print(new Table().text("NAME")));
  }

  @Test
  void controlCharactersOfForeignNamesDoNotReachTheTerminal() {
    assertEquals("A\na [31mb\n", print(new Table().text("A").row("a\u001b[31mb")));
    assertEquals("a b", Table.printable("a\u009bb"));
  }

  @Test
  void charactersOutsideTheBasicPlaneTakeOnePlace() {
    assertEquals("A   B\n\uD83D\uDE00   x\nabc  y\n".replace("A   B", "A    B").replace("\uD83D\uDE00   x", "\uD83D\uDE00    x"),
        print(new Table().text("A", "B").row("\uD83D\uDE00", "x").row("abc", "y")));
  }

  @Test
  void aRowWithTooFewCellsIsAMistake() {
    assertThrows(IllegalArgumentException.class, () -> new Table().text("A", "B").row("a"));
  }
}
