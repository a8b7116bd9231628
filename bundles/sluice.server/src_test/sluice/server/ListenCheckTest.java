package sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class ListenCheckTest {
  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

  private static SluiceException refused(InetSocketAddress control, InetSocketAddress nbd) {
    return assertThrows(SluiceException.class, () -> ListenCheck.check(List.of(control), List.of(nbd)));
  }

  @Test
  void aPortThatIsTakenIsNamedAndWhatItIsFor() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      InetSocketAddress there = (InetSocketAddress) taken.getLocalSocketAddress();
      SluiceException control = refused(there, ANY);
      assertEquals(ErrorCode.CONFLICT, control.code());
      assertTrue(control.getMessage().contains("127.0.0.1:" + taken.getLocalPort()) && control.why().contains("taken"), control.getMessage());
      assertTrue(refused(ANY, there).why().contains("server route"));
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNotOurs() {
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused(new InetSocketAddress("192.0.2.1", 7440), ANY).code());
  }

  @Test
  void portsThatAreFreeStayFree() {
    ListenCheck.check(List.of(ANY), List.of(ANY));
    ListenCheck.check(List.of(ANY), List.of(ANY));
  }
}
