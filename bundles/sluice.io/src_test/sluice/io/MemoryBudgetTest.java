package sluice.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice;
import sluice.io.testing.ManualLoop;

class MemoryBudgetTest {
  static {
    // Netty's natives are what asks for addresses.
    LoopKind.best();
  }

  private static final long MB = 1 << 20;
  private static final long LIMIT = 32 * MB;
  private static final int LARGEST = BlockDevice.MAX_TRANSFER;
  private static final long SECOND = 1_000_000_000;

  private final ManualLoop loop = new ManualLoop();
  private final BufferPool pool = new BufferPool(loop);
  private final List<Client> clients = new ArrayList<>();
  private MemoryBudget budget = new MemoryBudget(loop, 256 * MB);

  @AfterEach
  void giveMemoryBack() {
    for (Client c : clients) c.share.close();
    for (Client c : clients) c.fetchAll();
    assertEquals(0, budget.heldBytes());
    pool.freeAll();
  }

  /** Asks for buffers; whether it ever gives one back is its own affair. */
  private final class Client implements MemoryShare.Owner {
    final MemoryShare share = budget.open(this, LIMIT);
    final ArrayDeque<NettyBuffer> buffers = new ArrayDeque<>();
    int wants;
    long owed;
    String cut;
    int wentOn;

    Client() {
      clients.add(this);
    }

    boolean ask(int bytes) {
      wants = bytes;
      if (!share.fits(bytes)) return false;
      NettyBuffer b = pool.take(bytes);
      share.pay(b);
      buffers.add(b);
      assertTrue(budget.heldBytes() <= budget.capacityBytes(), () -> "held " + budget.heldBytes());
      return true;
    }

    /** As many as it gets. */
    Client greedy(int bytes) {
      while (ask(bytes)) owed = buffers.size();
      return this;
    }

    void fetch() {
      buffers.poll().release();
      loop.run();
    }

    void fetchAll() {
      while (!buffers.isEmpty()) fetch();
    }

    @Override
    public void goOn() {
      wentOn++;
      ask(wants);
    }

    @Override
    public long owed() {
      return owed;
    }

    @Override
    public void cutOff(String why) {
      cut = why;
      share.close();
      fetchAll();
    }
  }

  private List<Client> greedy(int count, int bytes) {
    List<Client> list = new ArrayList<>();
    for (int i = 0; i < count; i++) list.add(new Client().greedy(bytes));
    return list;
  }

  @Test
  void aConnectionThatIsAloneMayHoldItsLimit() {
    Client c = new Client().greedy((int) MB);
    assertTrue(c.share.held() >= LIMIT && c.share.held() < LIMIT + 2 * MB, "" + c.share.held());
  }

  @Test
  void aConnectionThatHoldsNothingMayBeginALargestRequestBesideGreedyOnes() {
    greedy(20, (int) MB);
    greedy(20, 256 << 10);
    assertTrue(new Client().ask(LARGEST));
  }

  @Test
  void twoLargestRequestsFitInTheLeastBudget() {
    budget = new MemoryBudget(loop, MemoryBudget.LEAST);
    greedy(1, LARGEST);
    assertTrue(new Client().ask(LARGEST));
  }

  @Test
  void smallRequestsGoOnWhateverTheOthersHold() {
    greedy(40, LARGEST);
    greedy(10, (int) MB);
    Client good = new Client();
    for (int i = 0; i < 32; i++) assertTrue(good.ask(4096), "request " + i);
  }

  @Test
  void manyGreedyConnectionsComeToNearlyEqualShares() {
    List<Client> all = new ArrayList<>();
    for (int i = 0; i < 12; i++) all.add(new Client());
    for (boolean any = true; any; ) {
      any = false;
      for (Client c : all) any |= c.ask(256 << 10);
    }
    long least = all.stream().mapToLong(c -> c.share.held()).min().orElseThrow();
    long most = all.stream().mapToLong(c -> c.share.held()).max().orElseThrow();
    assertTrue(least >= 4 * MB && most - least <= MB, least + " to " + most);
  }

  @Test
  void whoHoldsNothingIsNotPassedByThoseWhoWantMore() {
    List<Client> greedy = greedy(7, LARGEST);
    Client first = new Client();
    assertFalse(first.ask(LARGEST));
    Client medium = new Client();
    medium.ask((int) MB - 8192);
    assertFalse(medium.ask(8 << 20), "it would take what the first waits for");
    assertFalse(new Client().ask(LARGEST), "it came later");
    greedy.get(0).share.close(); // it wants no more
    greedy.get(0).fetchAll();
    assertEquals(1, first.wentOn);
    assertEquals(1, first.buffers.size());
  }

  @Test
  void whatComesHomeLetsTheNextGoOnInTheOrderOfTheirWaiting() {
    List<Client> greedy = greedy(7, LARGEST);
    Client first = new Client();
    Client second = new Client();
    assertFalse(first.ask(LARGEST));
    assertFalse(second.ask(LARGEST));
    greedy.get(0).share.close();
    greedy.get(0).fetchAll();
    assertEquals(1, first.buffers.size());
    assertEquals(0, second.buffers.size());
    greedy.get(1).share.close();
    greedy.get(1).fetchAll();
    assertEquals(1, second.buffers.size());
  }

  @Test
  void aConnectionAtItsLimitGoesOnWhenItsAnswersAreFetched() {
    Client c = new Client().greedy((int) MB);
    int before = c.buffers.size();
    c.fetch();
    assertEquals(before, c.buffers.size(), "one was fetched, and another request began");
  }

  @Test
  void whoTakesNothingIsCutOffOnlyWhenSomebodyWaitsForWhatIsDueToHim() {
    List<Client> greedy = greedy(7, LARGEST);
    loop.advance(60 * SECOND);
    assertTrue(greedy.stream().allMatch(c -> c.cut == null), "nobody needed it but themselves");
    Client good = new Client();
    assertFalse(good.ask(LARGEST));
    loop.advance(9 * SECOND);
    assertTrue(greedy.stream().allMatch(c -> c.cut == null), "it has not waited for long");
    loop.advance(2 * SECOND);
    assertEquals(1, greedy.stream().filter(c -> c.cut != null).count());
    assertEquals(1, good.buffers.size());
    loop.advance(60 * SECOND);
    assertEquals(1, greedy.stream().filter(c -> c.cut != null).count(), "that was enough");
  }

  @Test
  void whoGoesOnTakingAndWhoWaitsForHisDiskAreNotCutOff() {
    List<Client> greedy = greedy(7, LARGEST);
    greedy.get(0).owed = 0;
    assertFalse(new Client().ask(LARGEST));
    for (int i = 0; i < 40; i++) {
      for (Client c : greedy.subList(1, 7)) c.owed += 1;
      loop.advance(SECOND);
    }
    assertTrue(greedy.stream().allMatch(c -> c.cut == null));
  }

  @Test
  void aConnectionThatClosesMakesRoomInTheQueueToo() {
    List<Client> greedy = greedy(7, LARGEST);
    Client first = new Client();
    Client second = new Client();
    assertFalse(first.ask(LARGEST));
    assertFalse(second.ask(4 << 20));
    first.share.close();
    loop.run();
    assertEquals(1, second.buffers.size());
    assertEquals(7, greedy.size());
    assertEquals(0, first.wentOn);
  }

  @Test
  void noOrderOfRequestsExceedsTheBudgetAndNobodyWaitsForeverWhenAllFetch() {
    Random random = new Random(7);
    for (int round = 0; round < 4; round++) {
      int count = 1 + random.nextInt(40);
      List<Client> all = new ArrayList<>();
      for (int i = 0; i < count; i++) all.add(new Client());
      for (int step = 0; step < 500; step++) {
        Client c = all.get(random.nextInt(count));
        if (random.nextInt(3) == 0) {
          if (!c.buffers.isEmpty()) c.fetch();
        } else if (!c.share.isWaiting()) {
          c.ask(random.nextInt(16) == 0 ? LARGEST : 1 << random.nextInt(22));
        }
      }
      for (Client c : all) {
        c.wants = 4096;
        while (!c.buffers.isEmpty()) c.buffers.poll().release();
      }
      for (int i = 0; i < 100 && budget.waitingConnections() > 0; i++) {
        loop.run();
        for (Client c : all) c.fetchAll();
      }
      assertEquals(0, budget.waitingConnections());
      assertEquals(0, budget.heldBytes());
      all.forEach(c -> c.share.close());
    }
  }

  @Test
  void theMemoryOfManyLoopsTogetherIsHalfOfWhatThereIsButEachHasEnoughForTwo() {
    assertEquals(256 * MB, MemoryBudget.capacity(512 * MB, 1));
    assertEquals(128 * MB, MemoryBudget.capacity(512 * MB, 2));
    assertEquals(80 * MB, MemoryBudget.capacity(512 * MB, 64));
  }
}
