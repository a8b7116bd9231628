package sluice.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class ProgramConfigTest {
  private static final List<String> KEYS = List.of("dir", "listen", "name");

  private static ProgramConfig parse(String... lines) {
    return ProgramConfig.parse(Path.of("server.conf"), List.of(lines), KEYS);
  }

  private static SluiceException refused(String... lines) {
    SluiceException e = assertThrows(SluiceException.class, () -> parse(lines));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
    return e;
  }

  @Test
  void keysValuesListsAndCommentsAreRead() {
    ProgramConfig c = parse("# the server", "", "dir = /srv/sluice", "listen=10.0.0.1:7440, 10.1.0.1:7440");
    assertEquals("/srv/sluice", c.get("dir"));
    assertEquals(List.of("10.0.0.1:7440", "10.1.0.1:7440"), c.list("listen"));
    assertNull(c.get("name"));
  }

  @Test
  void aTypoIsNamedWithItsLineAndWhatWasMeant() {
    SluiceException e = refused("dir = /srv", "", "lisen = 10.0.0.1:7440");
    assertTrue(e.what().contains("line 3 of the configuration file server.conf"), e.what());
    assertEquals("did you mean 'listen'?", e.correction());
  }

  @Test
  void aKeyLikeNoOtherIsAnsweredWithAllKeys() {
    assertEquals("the keys are dir, listen, name", refused("frobnicate = 1").correction());
  }

  @Test
  void aLineWithoutAnEqualsSignIsNamed() {
    assertTrue(refused("dir /srv").what().contains("line 1"));
  }

  @Test
  void aKeyGivenTwiceIsNotTaken() {
    SluiceException e = refused("dir = /a", "dir = /b");
    assertTrue(e.what().contains("line 2") && e.why().contains("line 1"), e.getMessage());
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeMissing() {
    SluiceException e = assertThrows(SluiceException.class, () -> ProgramConfig.read(Path.of("target/no.conf"), KEYS));
    assertEquals(ErrorCode.NOT_FOUND, e.code());
  }
}
