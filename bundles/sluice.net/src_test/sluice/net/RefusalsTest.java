package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Problem;

class RefusalsTest {
  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "ALREADY_EXISTS", "CONFLICT"})
  void everyReasonOfIdentityGivesTheSameBytes(ErrorCode code) {
    SluiceException secret = new SluiceException(code, "host h1 was removed", "token t7 is used", "x", "h1");
    assertEquals(Refusals.identity().toByteString(), Refusals.of(new CompletionException(secret)).toByteString());
  }

  @Test
  void theServersOwnTroubleIsNotDescribedToStrangers() {
    Problem p = Refusals.of(new IllegalStateException("/srv/secret/path")).getProblem();
    assertEquals(Problem.Code.UNAVAILABLE, p.getCode());
    assertFalse(p.toString().contains("secret"));
    SluiceException io = new SluiceException(ErrorCode.IO, "disk d1 broke", "", "");
    assertEquals(Problem.Code.UNAVAILABLE, Refusals.of(io).getProblem().getCode());
    assertFalse(Refusals.of(io).toString().contains("d1"));
  }
}
