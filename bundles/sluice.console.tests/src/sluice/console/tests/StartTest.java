package sluice.console.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WorkbenchExtension.class)
class StartTest {
  private final UiBot bot = new UiBot();

  @Test
  void opensOnThePageThatSaysWhatToDoFirst() {
    bot.find("the page", Label.class, l -> l.getText().startsWith("None is known on this machine yet"));
  }

  @Test
  void whatNeedsAClusterCannotBePressedBeforeThereIsOne() {
    Button create = bot.find("the button", Button.class, b -> b.getText().startsWith("New volume"));
    assertFalse(bot.ui(create::isEnabled));
  }
}
