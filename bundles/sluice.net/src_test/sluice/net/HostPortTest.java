package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.api.SluiceException;

class HostPortTest {
  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:7440", "san.example.org:1", "[fd00::1]:65535", "[fe80::1%eth0]:7440"})
  void isWrittenAsItIsRead(String text) {
    assertEquals(text, HostPort.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", ":7440", "host:", "host:x", "host:-1", "host:65536", "fd00::1:7440", "[fd00::1]7440",
    "a b:1", "host:99999999999"})
  void whatIsNoAddressIsRepeatedWithTheReason(String text) {
    SluiceException e = assertThrows(SluiceException.class, () -> HostPort.parse(text));
    assertTrue(e.correction().contains("HOST:PORT"));
  }

  @Test
  void listsDropDuplicatesAndKeepTheOrder() {
    assertEquals(List.of(HostPort.parse("b:1"), HostPort.parse("a:2")), HostPort.parseList(" b:1, a:2,,B:1"));
    assertThrows(SluiceException.class, () -> HostPort.parseList(" , "));
  }
}
