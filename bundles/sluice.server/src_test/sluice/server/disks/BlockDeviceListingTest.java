package sluice.server.disks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDeviceListingTest {
  @TempDir Path temp;

  private Path device(String name, String sectors) throws IOException {
    Path d = Files.createDirectories(temp.resolve("sys").resolve(name));
    Files.writeString(d.resolve("size"), sectors + "\n");
    Files.writeString(d.resolve("ro"), "0\n");
    return d;
  }

  @Test
  void devicesAreListedWithWhyTheyAreNotFreeAndUnderTheirLastingNames() throws IOException {
    device("sda", "2048");
    Files.createDirectories(temp.resolve("sys/sda/sda1"));
    Files.writeString(temp.resolve("sys/sda/sda1/partition"), "1\n");
    device("sdb", "4096");
    device("loop0", "0");
    device("ram0", "8");
    Files.writeString(device("sdc", "8").resolve("ro"), "1\n");
    Path dev = Files.createDirectories(temp.resolve("dev/disk/by-id")).getParent().getParent();
    Files.createFile(dev.resolve("sdb"));
    Files.createSymbolicLink(dev.resolve("disk/by-id/wwn-1234"), dev.resolve("sdb"));
    Files.createSymbolicLink(dev.resolve("disk/by-id/scsi-long-name-1234"), dev.resolve("sdb"));
    List<BlockDeviceListing.Device> found = new BlockDeviceListing(temp.resolve("sys"), dev).list();
    assertEquals(List.of(
        new BlockDeviceListing.Device("dev:" + dev.resolve("ram0"), 4096, "it is memory and loses everything at a restart"),
        new BlockDeviceListing.Device("dev:" + dev.resolve("sda"), 1 << 20, "it is divided into partitions"),
        new BlockDeviceListing.Device("dev:" + dev.resolve("disk/by-id/wwn-1234"), 2 << 20, ""),
        new BlockDeviceListing.Device("dev:" + dev.resolve("sdc"), 4096, "it is read-only")), found);
  }

  @Test
  void aMachineWithoutSysfsHasNone() {
    assertEquals(List.of(), new BlockDeviceListing(temp.resolve("nothing"), temp).list());
  }
}
