package sluice.agent.direct;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.route.DiskLine;

/**
 * The place of one disk in a route: the disk while it is open, ENXIO while it is not. A device that says it is gone is closed
 * (when what it still has is settled) and looked for again.
 *
 * <p>Knows what is under way on the disk, also by devices that it has closed: a change may take effect until it has ended.
 */
final class DiskSlot implements BlockDevice {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSlot.class);
  private static final long RETRY_MIN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RETRY_MAX = TimeUnit.SECONDS.toNanos(4);
  /** Before it has been seen: as large as need be. */
  private static final BlockTraits UNSEEN =
      new BlockTraits(Long.MAX_VALUE, DirectRoute.ALIGNMENT, DirectRoute.ALIGNMENT, false, true, true, false);

  private final DirectRoute route;
  private final String diskId;
  private final DiskFinder finder;
  private final List<CompletableFuture<Void>> goodbyes = new ArrayList<>();
  private BlockDevice device;
  private BlockTraits traits = UNSEEN;
  private String reason;
  private long backoff = RETRY_MIN;
  private IoLoop.Timer retry;
  private boolean searching;
  private boolean closing;
  private final ArrayDeque<BlockRequest> heldBack = new ArrayDeque<>();
  private boolean quiet;
  private boolean lapsed;
  private boolean ending;
  private int reads;
  private int changes;
  private Passed freePassed;
  /** The number of the line that is open, or was last. */
  private long line;
  private boolean proved;
  private boolean broken;
  private long proofRun;
  /** Under way; null: none. */
  private LineLook look;
  /** The newest look has not been answered: nobody can say whether the line is what it was. */
  private boolean silent;

  DiskSlot(DirectRoute route, String diskId, DiskFinder finder) {
    this.route = route;
    this.diskId = diskId;
    this.finder = finder;
    reason = label() + ": it is being opened";
  }

  /** For people. */
  String label() {
    return finder.diskName();
  }

  String diskId() {
    return diskId;
  }

  boolean isOpen() {
    return device != null;
  }

  /** Open, and nothing has to be said for it any more before it is read or written. */
  boolean isGood() {
    return device != null && (proved || !route.strict());
  }

  DiskLine line() {
    return new DiskLine(diskId, device == null ? 0 : line, device != null && proved, broken || silent, proofRun);
  }

  /** The server's word for a line; about one that is not there any more it says nothing. */
  void proof(DiskLine of, long run) {
    if (device == null || of.number() != line || proved && proofRun == run || look != null && look.run() == run) return;
    if (!proved) {
      believe(run);
      return;
    }
    look = new LineLook(this, run);
    look.start();
  }

  private void believe(long run) {
    proved = true;
    broken = false;
    silent = false;
    proofRun = run;
  }

  void looked(LineLook by, int error) {
    if (look != by) return;
    look = null;
    if (error == IoError.OK) believe(by.run());
    else silent = true;
    route.slotChanged();
  }

  /** It may be a path that hangs, and it may be a disk that has been away. */
  void silent(LineLook by) {
    if (look != by) return;
    silent = true;
    route.slotChanged();
  }

  /** Nothing may get to the disk any more that is not there yet. */
  void cut() {
    if (device != null && changes > 0) device.cut(DirectRoute.CUT_NANOS);
  }

  /** Is a read or change of the volume under way on the disk? */
  boolean isBusy() {
    return reads + changes > 0;
  }

  /** Can a change still take effect on the disk? */
  boolean isChanging() {
    return changes > 0;
  }

  /** While quiet, reads and changes wait here; what the disk has already goes on. */
  void quiet(boolean on) {
    quiet = on;
    if (on) return;
    for (int n = heldBack.size(); n > 0; n--) submit(heldBack.poll());
  }

  /** Meanwhile nothing gets to the disk, and what would ends with ENXIO. */
  void lapsed(boolean on) {
    lapsed = on;
    if (on) for (int n = heldBack.size(); n > 0; n--) heldBack.poll().completed(IoError.ENXIO);
  }

  /** While quiet, what would wait ends with ENXIO from now on. */
  void endHeldBack() {
    ending = true;
    for (int n = heldBack.size(); n > 0; n--) heldBack.poll().completed(IoError.ENXIO);
  }

  /** Why it is not open. */
  String reason() {
    return reason;
  }

  void open() {
    retry = null;
    if (closing || searching || device != null) return;
    searching = true;
    finder.search(new DiskFinder.Found() {
      @Override
      public void found(BlockDevice found, DiskUri way) {
        opened(found, way);
      }

      @Override
      public void notFound(String why) {
        searching = false;
        reason = why;
        retryLater();
        route.slotChanged();
      }
    });
  }

  private void opened(BlockDevice found, DiskUri way) {
    searching = false;
    if (closing) {
      goodbyes.add(found.close().toCompletableFuture());
      return;
    }
    LOG.info("{} ({}) is open at {}", label(), diskId, way);
    device = found;
    BlockTraits t = found.traits();
    traits = new BlockTraits(t.size(), DirectRoute.ALIGNMENT, Math.max(t.preferred(), DirectRoute.ALIGNMENT), t.readOnly(),
        t.trim(), t.zeroes(), t.rotational());
    backoff = RETRY_MIN;
    reason = "";
    line = route.nextLine();
    proved = false;
    route.slotChanged();
  }

  private void retryLater() {
    if (closing) return;
    retry = finder.loop().schedule(backoff, this::open);
    backoff = Math.min(RETRY_MAX, backoff * 2);
  }

  private void lost(BlockDevice which, int error) {
    if (which != device) return;
    device = null;
    broken |= proved;
    proved = false;
    silent = false;
    look = null;
    reason = label() + ": " + IoError.text(error);
    LOG.warn("{} ({}) is lost: {}", label(), diskId, IoError.text(error));
    goodbyes.removeIf(CompletableFuture::isDone);
    goodbyes.add(which.close().toCompletableFuture());
    retryLater();
    route.slotChanged();
  }

  @Override
  public IoLoop loop() {
    return finder.loop();
  }

  /** Of the disk when it was last open; before that, room for everything. */
  @Override
  public BlockTraits traits() {
    return traits;
  }

  @Override
  public void submit(BlockRequest request) {
    if ((quiet || lapsed) && (request.op.changesData() || request.op == BlockOp.READ)) {
      if (ending || lapsed) request.completed(IoError.ENXIO);
      else heldBack.add(request);
      return;
    }
    if (!isGood()) {
      route.slotFailed(this);
      request.completed(IoError.ENXIO);
      return;
    }
    if (request.op.changesData()) changes++;
    else if (request.op == BlockOp.READ) reads++;
    pass(request, true);
  }

  /** A look at the disk that nobody has to wait for. */
  void probe(BlockRequest request) {
    if (device == null) request.completed(IoError.ENXIO);
    else pass(request, false);
  }

  private void pass(BlockRequest request, boolean counted) {
    Passed passed = freePassed;
    if (passed == null) passed = new Passed();
    else freePassed = passed.nextFree;
    passed.parent = request;
    passed.counted = counted;
    passed.by = device;
    passed.set(request.op, request.flags, request.offset, request.length);
    passed.buffer = request.buffer;
    passed.bufferIndex = request.bufferIndex;
    device.submit(passed);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (!isGood()) sink.completed(IoError.ENXIO);
    else device.status(offset, length, sink);
  }

  /** On the loop, when nothing more is sent: what would, ends with ENXIO. Completes when every device it ever had is closed. */
  @Override
  public CompletionStage<Void> close() {
    closing = true;
    if (retry != null) retry.cancel();
    if (device != null) goodbyes.add(device.close().toCompletableFuture());
    device = null;
    quiet(false);
    return CompletableFuture.allOf(goodbyes.toArray(CompletableFuture<?>[]::new));
  }

  /** A request on its way through, to see how it ends. */
  private final class Passed extends BlockRequest {
    private BlockRequest parent;
    private BlockDevice by;
    private boolean counted;
    private Passed nextFree;

    @Override
    public void completed(int error) {
      BlockRequest of = parent;
      BlockDevice was = by;
      parent = null;
      by = null;
      buffer = null;
      nextFree = freePassed;
      freePassed = this;
      if (counted && op.changesData()) changes--;
      else if (counted && op == BlockOp.READ) reads--;
      if (error != IoError.OK) {
        route.slotFailed(DiskSlot.this);
        if (error == IoError.ENXIO || error == IoError.ESHUTDOWN) lost(was, error);
      }
      of.completed(error);
    }
  }
}
