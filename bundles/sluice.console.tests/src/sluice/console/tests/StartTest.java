package sluice.console.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.ICommandService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sluice.console.ui.act.Actions;
import sluice.console.ui.act.SanAction;

@ExtendWith(WorkbenchExtension.class)
class StartTest {
  private final UiBot bot = new UiBot();

  @Test
  void opensOnThePageThatSaysWhatToDoFirst() {
    bot.find("the page", Label.class, l -> l.getText().startsWith("None is known on this machine yet"));
  }

  @Test
  void whatNeedsAClusterCannotBePressedBeforeThereIsOne() {
    bot.command("sluice.console.ui.start");
    Button create = bot.find("the button", Button.class, b -> b.getText().startsWith("Create volume"));
    bot.waitFor("it cannot be pressed", () -> !create.isEnabled());
  }

  @Test
  void everyActionIsACommandThatQuickAccessFinds() {
    List<String> missing = bot.ui(() -> {
      ICommandService commands = PlatformUI.getWorkbench().getService(ICommandService.class);
      return Actions.all().stream().map(SanAction::commandId).filter(id -> !commands.getCommand(id).isDefined() || !commands.getCommand(id).isHandled()).toList();
    });
    assertEquals(List.of(), missing, "plugin.xml does not have them");
  }
}
