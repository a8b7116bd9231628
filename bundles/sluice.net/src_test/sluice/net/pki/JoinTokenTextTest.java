package sluice.net.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class JoinTokenTextTest {
  private static final String ID = "7b5e3d1c-0f4a-4c2e-9f7d-1a2b3c4d5e6f";
  private static final String CA = "ab".repeat(32);
  private final JoinTokenText token = JoinTokenText.create(ID, CA);

  @Test
  void itsTextIsReadBackAlsoWithBlanksAndCapitals() {
    JoinTokenText read = JoinTokenText.parse("  " + token.text().toUpperCase(Locale.ROOT) + "\n");
    assertEquals(ID, read.tokenId());
    assertEquals(CA, read.caSha256());
    assertArrayEquals(token.secret(), read.secret());
    assertArrayEquals(token.secretSha256(), read.secretSha256());
  }

  @Test
  void aTokenCutAnywhereIsRefused() {
    String text = token.text();
    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      assertEquals(ErrorCode.INVALID_ARGUMENT, assertThrows(SluiceException.class, () -> JoinTokenText.parse(cut)).code());
    }
  }

  @Test
  void anyOneCharacterMistypedIsNoticed() {
    String text = token.text();
    for (int i = 8; i < text.length(); i++) {
      char wrong = text.charAt(i) == '7' ? '8' : '7';
      String mistyped = text.substring(0, i) + wrong + text.substring(i + 1);
      assertThrows(SluiceException.class, () -> JoinTokenText.parse(mistyped), mistyped);
    }
  }

  @Test
  void theErrorSaysWhatIsWrongAndKeepsTheSecret() {
    String other = token.text().replace("sluice1-", "sluice9-");
    assertTrue(why(other).contains("version"));
    assertTrue(why("hello").contains("sluice1-"));
    assertTrue(why("").contains("empty"));
    String secret = HexFormat.of().formatHex(token.secret());
    assertFalse(why(other).contains(secret));
    assertFalse(token.toString().contains(secret));
  }

  @Test
  void everyTokenHasASecretOfItsOwn() {
    assertFalse(token.text().equals(JoinTokenText.create(ID, CA).text()));
  }

  private static String why(String text) {
    return assertThrows(SluiceException.class, () -> JoinTokenText.parse(text)).why();
  }
}
