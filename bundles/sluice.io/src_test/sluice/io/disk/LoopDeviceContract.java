package sluice.io.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;

/** Block devices, where this machine lets us make loop devices. */
abstract class LoopDeviceContract extends BlockDeviceContract {
  private final List<String> devices = new ArrayList<>();
  private int files;
  String device;

  @BeforeAll
  void loopDevicesCanBeMade() throws Exception {
    Path probe = folder.file("probe", 1 << 20);
    String made = command("losetup", "--show", "-f", probe.toString());
    assumeTrue(!made.isEmpty(), "no loop devices here (no root, or a container)");
    command("losetup", "-d", made);
  }

  @AfterAll
  void removeLoopDevices() throws Exception {
    for (String d : devices) command("losetup", "-d", d);
  }

  @Override
  BlockDevice open(boolean readOnly) throws Exception {
    device = command("losetup", "--show", "-f", folder.file("disk" + ++files, SIZE).toString());
    devices.add(device);
    return get(opener.open(new DiskUri("dev:" + device), loop, readOnly));
  }

  static String command(String... words) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (java.io.IOException e) {
      return "";
    }
    String out = new String(process.getInputStream().readAllBytes()).trim();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return process.exitValue() == 0 ? out : "";
  }

  @Test
  void theDeviceTellsItsSizeAndBlocks() {
    assertEquals(SIZE, disk.device.traits().size());
    assertEquals(512, disk.device.traits().alignment());
  }

  @Test
  void aDeviceThatNothingElseUsesIsFree() {
    InUse.check(new DiskUri("dev:" + device));
  }

  @Test
  void aDeviceUsedForAMappingOrMountIsInUse() throws Exception {
    String mounted = command("findmnt", "-n", "-o", "SOURCE", "/");
    assumeTrue(mounted.startsWith("/dev/"), "the root file system is on no device");
    SluiceException e = assertThrows(SluiceException.class, () -> InUse.check(new DiskUri("dev:" + mounted)));
    assertEquals(ErrorCode.CONFLICT, e.code());
    assertTrue(e.why().contains("mounted on"), e.why());
  }
}
