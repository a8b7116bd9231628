package sluice.console.core.san;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.SluiceException;
import sluice.console.core.ops.Refusal;
import sluice.console.core.sample.SampleServer;
import sluice.console.core.sample.SampleSize;
import sluice.model.Connection;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.RecheckDisks;
import sluice.protocol.v1.Role;

/** A connection to a real control server over TLS, on loopback. */
@Timeout(120)
class SanConnectionTest {
  private static final SampleSize SMALL = new SampleSize(10, 40, 100, 800, 400);

  private final ExecutorService ui = Executors.newSingleThreadExecutor();
  private final Sans sans = new Sans("sluice-console test", ui);
  private SampleServer server = new SampleServer(SMALL);

  @AfterEach
  void stop() throws Exception {
    ui.submit(() -> sans.close()).get();
    server.close();
    ui.shutdown();
    assertTrue(ui.awaitTermination(60, TimeUnit.SECONDS));
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) throw new AssertionError("not seen: " + what);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private SanConnection open(String label) throws Exception {
    return ui.submit(() -> sans.open(label, server.addresses(), server.admin())).get();
  }

  @Test
  void thePictureComesAndIsKeptUpToDateAndALostServerIsSaidSo() throws Exception {
    SanConnection san = open("sample");
    until("picture", () -> san.view().volumes().size() == SMALL.volumes());
    assertEquals(Connection.CONNECTED, san.link().state());
    assertEquals(Role.ADMIN, san.role());
    assertEquals(SMALL.volumes(), (int) ui.submit(() -> san.san().getVolumes().size()).get());
    assertEquals(SMALL.disks() / 20, (int) ui.submit(() -> san.san().getPools().get(0).getDisks().size()).get());
    server.run();
    until("changes", () -> san.view().number() > 20);
    assertTrue(san.current());
    server.close();
    until("the loss", () -> san.link().state() == Connection.LOST);
    assertFalse(san.current());
    assertTrue(san.link().truthMs() > 0);
    assertFalse(san.link().reason().isEmpty());
    assertEquals(SMALL.volumes(), san.view().volumes().size());
  }

  @Test
  void severalClustersAreOpenAtOnceAndEachLabelOnce() throws Exception {
    SanConnection one = open("one");
    SanConnection two = open("two");
    until("both", () -> one.view().volumes().size() == SMALL.volumes() && two.view().volumes().size() == SMALL.volumes());
    ExecutionException again = assertThrows(ExecutionException.class, () -> open("one"));
    assertTrue(again.getCause() instanceof SluiceException);
    ui.submit(() -> sans.close(one)).get();
    assertEquals(1, sans.all().size());
    until("closed", () -> one.link().state() == Connection.CLOSED || sans.all().size() == 1);
  }

  @Test
  void aRefusalOfTheServerReachesWhoAskedInItsWords() throws Exception {
    SanConnection san = open("sample");
    ExecutionException e = assertThrows(ExecutionException.class,
        () -> san.call(Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance()).build()).get(60, TimeUnit.SECONDS));
    assertEquals("A sample does nothing: there is no such cluster.\nConnect to a real one.", Refusal.of(e).text());
  }
}
