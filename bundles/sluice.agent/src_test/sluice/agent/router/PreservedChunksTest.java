package sluice.agent.router;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.layout.Extent;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;

/** What a host knows to be preserved goes straight to the disks; the first change of anything else proves it by the server. */
class PreservedChunksTest extends RouterFixture {
  private static final int CHUNK = 8192;

  private void snapshot(long number) {
    Segment segment = new Segment(0, SIZE, 65536, List.of(List.of(new Extent("d1", 0, SIZE))));
    router.preserving(new VolumeLayout(number + 1, SIZE, List.of(segment)).preserving(number, number == 0 ? 0 : CHUNK));
  }

  @Test
  void theFirstChangeOfEachChunkGoesThroughTheServerAndTheNextOnesDirectly() {
    both();
    snapshot(3);
    assertEquals(0, write(0, 1).error);
    assertEquals(1, server.log.size());
    assertEquals(0, write(4096, 2).error);
    assertEquals(1, server.log.size(), "the same chunk");
    assertEquals(0, write(CHUNK, 3).error);
    assertEquals(2, server.log.size());
    assertEquals(List.of("DIRECT"), states, "nothing is wrong with the direct way");
  }

  @Test
  void readsGoDirectly() {
    both();
    snapshot(3);
    assertEquals(0, read(0).error);
    assertEquals(List.of(), server.log);
  }

  @Test
  void aNewSnapshotForgetsWhatWasPreservedForTheOneBeforeAndADeletedOneDoesNot() {
    both();
    snapshot(3);
    write(0, 1);
    snapshot(7);
    write(0, 1);
    assertEquals(2, server.log.size());
    snapshot(3);
    write(0, 1);
    assertEquals(2, server.log.size(), "it is preserved for the newer one, which served the older as well");
    snapshot(0);
    write(CHUNK * 5L, 1);
    assertEquals(2, server.log.size(), "there is nothing to preserve for");
  }

  @Test
  void whatWasSentBeforeASnapshotProvesNothingForIt() {
    both();
    snapshot(3);
    server.hold = true;
    Io before = write(0, 1);
    snapshot(7);
    server.end(server.pending.get(0), 0);
    loop.run();
    assertEquals(0, before.error);
    server.hold = false;
    write(0, 2);
    assertEquals(2, server.log.size());
  }

  @Test
  void whatFailedProvesNothing() {
    both();
    snapshot(3);
    server.error = 22;
    write(0, 1);
    server.error = 0;
    write(0, 1);
    assertEquals(2, server.log.size());
  }
}
