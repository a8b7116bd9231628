package sluice.nbd.internal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;
import sluice.nbd.MetaContext;
import sluice.nbd.internal.Nbd;
import sluice.nbd.internal.WireErrors;

/** What is decided without a connection. */
class ServerRulesTest {
  private final RequestRules rules = new RequestRules(1 << 20, false, true, true, true);

  @Test
  void aRangeMustLieInTheExport() {
    assertEquals(0, rules.check(Nbd.CMD_READ, 0, 0, 1 << 20));
    assertEquals(IoError.EINVAL, rules.check(Nbd.CMD_READ, 0, 1, 1 << 20));
    assertEquals(IoError.EINVAL, rules.check(Nbd.CMD_READ, 0, -1, 1));
    assertEquals(IoError.EINVAL, rules.check(Nbd.CMD_READ, 0, Long.MAX_VALUE, 0xffffffffL));
    assertEquals(IoError.ENOSPC, rules.check(Nbd.CMD_WRITE, 0, 1 << 20, 1));
    assertEquals(0, rules.check(Nbd.CMD_WRITE, 0, 1 << 20, 0));
  }

  @Test
  void flagsMustFitTheCommand() {
    for (int command = 0; command < 8; command++) {
      int fua = command == Nbd.CMD_DISC ? IoError.EINVAL : 0;
      assertEquals(fua, rules.check(command, Nbd.CMD_FLAG_FUA, 0, 512), "FUA with " + command);
      assertEquals(IoError.EINVAL, rules.check(command, 1 << 5, 0, 512), "an unknown flag with " + command);
    }
    assertEquals(IoError.EINVAL, rules.check(Nbd.CMD_WRITE, Nbd.CMD_FLAG_DF, 0, 512));
    assertEquals(IoError.EINVAL, new RequestRules(1024, false, true, false, false).check(Nbd.CMD_READ, Nbd.CMD_FLAG_DF, 0, 512));
  }

  @Test
  void statusNeedsAContextAndALength() {
    assertEquals(0, rules.check(Nbd.CMD_BLOCK_STATUS, 0, 0, 1));
    assertEquals(IoError.EINVAL, rules.check(Nbd.CMD_BLOCK_STATUS, 0, 0, 0));
    assertEquals(IoError.EINVAL, new RequestRules(1024, false, true, true, false).check(Nbd.CMD_BLOCK_STATUS, 0, 0, 1));
  }

  @Test
  void onlyTheProtocolsErrorsGoOverTheWire() {
    List<Integer> allowed = List.of(0, 1, 5, 12, 22, 28, 75, 95, 108);
    for (int error = 0; error < 140; error++) {
      assertEquals(true, allowed.contains(WireErrors.toWire(error)), "error " + error);
      assertEquals(error == 0 ? IoError.EIO : WireErrors.fromWire(error), WireErrors.fromWire(error));
    }
    assertEquals(IoError.EPERM, WireErrors.toWire(IoError.EROFS));
    assertEquals(IoError.ESHUTDOWN, WireErrors.toWire(IoError.ENXIO), "the disk is away: that is no failure of it");
    assertEquals(IoError.EIO, WireErrors.toWire(IoError.ESTALE));
  }

  @Test
  void optionDataThatAreCutOrTooLongAreNotWellFormed() {
    byte[] info = ByteBuffer.allocate(11).putInt(1).put((byte) 'x').putShort((short) 2).putShort((short) 1).putShort((short) 2).array();
    assertEquals(new OptionData.Info("x", true, true), OptionData.info(info));
    for (int n = 0; n < info.length; n++) assertNull(OptionData.info(Arrays.copyOf(info, n)), "of " + n);
    assertNull(OptionData.info(Arrays.copyOf(info, info.length + 1)));
    byte[] meta = ByteBuffer.allocate(15).putInt(1).put((byte) 'x').putInt(1).putInt(2).put((byte) 'a').put((byte) ':').array();
    assertEquals(new OptionData.Meta("x", List.of("a:")), OptionData.meta(meta));
    for (int n = 0; n < meta.length; n++) assertNull(OptionData.meta(Arrays.copyOf(meta, n)), "of " + n);
    assertNull(OptionData.name(new byte[Nbd.MAX_STRING + 1]));
    assertNotNull(OptionData.name(new byte[Nbd.MAX_STRING]));
  }

  private static MetaContext context(String name) {
    return new MetaContext() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void status(long offset, long length, StatusSink sink) {
        sink.completed(0);
      }
    };
  }

  @Test
  void aQueryThatEndsWithAColonListsButDoesNotSelect() {
    List<MetaContext> all = List.of(context("base:allocation"), context("qemu:dirty-bitmap:a"), context("qemu:dirty-bitmap:b"));
    assertEquals(3, MetaQueries.listed(all, List.of()).size());
    assertEquals(List.of("qemu:dirty-bitmap:a", "qemu:dirty-bitmap:b"), MetaQueries.listed(all, List.of("qemu:dirty-bitmap:")));
    assertEquals(2, MetaQueries.listed(all, List.of("qemu:")).size());
    assertEquals(List.of(), MetaQueries.listed(all, List.of("none:x", "base:none")));
    assertEquals(List.of(), MetaQueries.selected(all, List.of("qemu:", "base:")));
    assertEquals(List.of("base:allocation", "qemu:dirty-bitmap:b"),
        MetaQueries.selected(all, List.of("qemu:dirty-bitmap:b", "base:allocation", "base:allocation")));
    assertEquals(List.of(), MetaQueries.selected(all, List.of()));
  }

  private static List<Integer> extents(long asked, boolean one, long... ranges) {
    ByteBuf out = Unpooled.buffer();
    Extents extents = new Extents(out, asked, one);
    for (int i = 0; i < ranges.length; i += 2) extents.add(ranges[i], (int) ranges[i + 1]);
    extents.finish();
    return IntStream.range(0, out.readableBytes() / 4).mapToObj(i -> out.getInt(4 * i)).toList();
  }

  @Test
  void extentsThatAreAlikeAreJoinedAndNoneGoesBeyondWhatWasAsked() {
    assertEquals(List.of(30, 0, 20, 3), extents(50, false, 10, 0, 20, 0, 100, 3));
    assertEquals(List.of(30, 0), extents(50, true, 10, 0, 20, 0, 100, 3));
    assertEquals(List.of(50, 1), extents(50, true, 0, 0, 60, 1));
    assertEquals(List.of(), extents(50, false));
    long[] ragged = new long[4 * Extents.MAX];
    for (int i = 0; i < ragged.length; i += 2) {
      ragged[i] = 1;
      ragged[i + 1] = i / 2 & 1;
    }
    assertEquals(2 * Extents.MAX, extents(1 << 30, false, ragged).size(), "the number of extents is bounded");
  }
}
