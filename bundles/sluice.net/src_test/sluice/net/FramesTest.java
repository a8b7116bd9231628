package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.ToServer;
import sluice.protocol.v1.VolumeStatus;

class FramesTest {
  private static final ToServer HELLO =
      ToServer.newBuilder()
          .setHello(Hello.newBuilder().setOldestVersion(1).setNewestVersion(1).setSoftware("test 1").setIncarnation(7))
          .build();
  private static final ToServer BEAT =
      ToServer.newBuilder()
          .setHeartbeat(Heartbeat.newBuilder().setRound(3).addVolumes(VolumeStatus.newBuilder().setVolumeId("v").setHeld(true)))
          .build();

  @Test
  void messagesArriveWholeHoweverTheirBytesAreCut() {
    byte[] stream = bytes(HELLO, BEAT);
    for (int cut = 0; cut <= stream.length; cut++) {
      EmbeddedChannel channel = decoder();
      channel.writeInbound(Unpooled.copiedBuffer(stream, 0, cut));
      channel.writeInbound(Unpooled.copiedBuffer(stream, cut, stream.length - cut));
      assertEquals(HELLO, channel.readInbound());
      assertEquals(BEAT, channel.readInbound());
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void messagesArriveWholeByteByByte() {
    EmbeddedChannel channel = decoder();
    for (byte b : bytes(HELLO, BEAT)) channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {b}));
    assertEquals(HELLO, channel.readInbound());
    assertEquals(BEAT, channel.readInbound());
    channel.finishAndReleaseAll();
  }

  @Test
  void aStreamThatEndsInsideAMessageGivesNone() {
    byte[] stream = bytes(HELLO);
    for (int end = 0; end < stream.length; end++) {
      EmbeddedChannel channel = decoder();
      channel.writeInbound(Unpooled.copiedBuffer(stream, 0, end));
      assertFalse(channel.finish(), "after " + end + " bytes");
    }
  }

  @Test
  void aFrameThatIsTooLongIsRefusedByItsLengthAlone() {
    EmbeddedChannel channel = decoder();
    ByteBuf length = Unpooled.buffer().writeInt(Frames.GREETING_BYTES + 1);
    DecoderException e = assertThrows(DecoderException.class, () -> channel.writeInbound(length));
    assertTrue(e instanceof TooLongFrameException || e.getCause() instanceof TooLongFrameException);
    channel.writeInbound(Unpooled.wrappedBuffer(bytes(HELLO)));
    assertNull(channel.readInbound(), "nothing is read after damage");
    channel.finishAndReleaseAll();
  }

  @Test
  void lengthsThatAreNegativeAsIntegersAreTooLong() {
    EmbeddedChannel channel = decoder();
    assertThrows(DecoderException.class, () -> channel.writeInbound(Unpooled.buffer().writeInt(-1)));
    channel.finishAndReleaseAll();
  }

  @Test
  void largeFramesAreAllowedFromTheWelcomeOn() {
    Frames.Decoder<ToServer> decoder = new Frames.Decoder<>(ToServer.parser());
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    ToServer large = ToServer.newBuilder().setCall(Call.newBuilder().setRequestId("x".repeat(100_000))).build();
    decoder.welcomed();
    channel.writeInbound(Unpooled.wrappedBuffer(bytes(large)));
    assertEquals(large, channel.readInbound());
    ByteBuf tooLong = Unpooled.buffer().writeInt(Frames.MAX_BYTES + 1);
    assertThrows(DecoderException.class, () -> channel.writeInbound(tooLong));
    channel.finishAndReleaseAll();
  }

  @Test
  void anyFlippedBitGivesAMessageOrAnErrorAndNothingElse() {
    byte[] good = bytes(HELLO, BEAT);
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      survives(bad);
    }
  }

  @Test
  void noiseGivesAMessageOrAnErrorAndNothingElse() {
    Random random = new Random(20261122);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[4 + random.nextInt(200)];
      random.nextBytes(noise);
      // Half of them with a length that fits, or hardly any would get to the message itself.
      if (i % 2 == 0) Unpooled.wrappedBuffer(noise).setInt(0, noise.length - 4);
      survives(noise);
    }
  }

  private static void survives(byte[] bytes) {
    EmbeddedChannel channel = decoder();
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      channel.finishAndReleaseAll();
    } catch (DecoderException e) {
      channel.finishAndReleaseAll();
    }
  }

  private static EmbeddedChannel decoder() {
    return new EmbeddedChannel(new Frames.Decoder<>(ToServer.parser()));
  }

  private static byte[] bytes(ToServer... messages) {
    EmbeddedChannel channel = new EmbeddedChannel(new Frames.Encoder());
    ByteBuf all = Unpooled.buffer();
    for (ToServer m : messages) {
      channel.writeOutbound(m);
      ByteBuf one = channel.readOutbound();
      all.writeBytes(one);
      one.release();
    }
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    return bytes;
  }
}
