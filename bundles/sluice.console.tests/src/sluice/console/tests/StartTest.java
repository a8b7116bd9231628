package sluice.console.tests;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.eclipse.swt.widgets.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WorkbenchExtension.class)
class StartTest {
  final UiBot bot = new UiBot();

  @Test
  void opensOnTheStartPage() {
    assertNotNull(bot.find(Label.class, l -> l.getText().equals("Sluice")));
  }
}
