package sluice.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void objectsKeepTheirOrderAndAreIndented() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("b", 1);
    tree.put("a", Arrays.asList(true, null, 1.5));
    assertEquals("""
        {
          "b": 1,
          "a": [
            true,
            null,
            1.5
          ]
        }""", Json.write(tree));
  }

  @Test
  void emptyOnesAreShort() {
    assertEquals("{}", Json.write(Map.of()));
    assertEquals("[]", Json.write(List.of()));
  }

  @Test
  void everythingThatCouldEndAStringIsEscaped() {
    assertEquals("\"\\\"\\\\\\n\\r\\t\\u0000\\u001b\\u007f\\u2028\"", Json.write("\"\\\n\r\t\0\u001b\u007f\u2028"));
    assertEquals("\"ä\uD83D\uDE00\"", Json.write("ä\uD83D\uDE00"));
    assertEquals("\"\\ud83dx\"", Json.write("\uD83Dx"));
  }

  @Test
  void whatIsNoNumberIsNull() {
    assertEquals("null", Json.write(Double.NaN));
  }

  @Test
  void anUnknownTypeIsAMistake() {
    assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
  }
}
