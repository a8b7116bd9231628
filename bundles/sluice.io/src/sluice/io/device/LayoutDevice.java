package sluice.io.device;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;

/**
 * One leg of a volume's layout, mapped onto the disks that hold it; of a volume of one leg that is all of it.
 *
 * <p>A request is split over the pieces of the layout, by pooled children that use the request's own buffer, and
 * completes once, when all its pieces have, with the first error. FLUSH goes to every disk of the leg. TRIM,
 * WRITE_ZEROES and CACHE go out as one run for each column, whatever their length.
 *
 * <p>The disks belong to whoever opened them (volumes share them): closing ends the volume's requests, not its disks.
 */
public final class LayoutDevice implements BlockDevice {
  /** Assumed of a disk that cannot be reached yet and so has no traits: more than any asks for. */
  private static final BlockTraits UNKNOWN = new BlockTraits(Long.MAX_VALUE, 4096, 4096, false, true, true, false);

  private final IoLoop loop;
  private final VolumeLayout layout;
  private final int leg;
  private final BlockDevice[] disks;
  /** Of this leg, as indices of {@link #disks}. */
  private final int[] own;
  /** Pieces under way on each disk. */
  private final int[] busy;
  private int failedDisk = -1;
  private int requests;
  private final BlockTraits traits;
  private final Drain drain;
  private Volley freeVolleys;
  private Piece freePieces;

  /** Leg 0, for a volume of one leg. */
  public LayoutDevice(IoLoop loop, VolumeLayout layout, BlockDevice[] disks) {
    this(loop, layout, 0, disks);
  }

  /**
   * @param leg not a stale one
   * @param disks in the order of {@link VolumeLayout#disks()}, all on {@code loop}; null where this leg has nothing. A disk
   *     that has no traits yet, because it cannot be reached, is taken to be as it should
   * @throws IllegalArgumentException if the disks are not those of the layout, are on another loop, or if an extent
   *     is not aligned or reaches past its disk's end
   */
  public LayoutDevice(IoLoop loop, VolumeLayout layout, int leg, BlockDevice[] disks) {
    if (disks.length != layout.disks().size()) {
      throw new IllegalArgumentException(disks.length + " disks for " + layout.disks());
    }
    if (layout.legs().get(leg).state() == LegRole.State.STALE) throw new IllegalArgumentException("leg " + leg + " is stale");
    this.loop = loop;
    this.layout = layout;
    this.leg = leg;
    this.disks = disks.clone();
    busy = new int[disks.length];
    own = layout.extents(leg).stream().mapToInt(e -> layout.disks().indexOf(e.disk())).distinct().toArray();
    for (int d : own) {
      if (disks[d] == null) throw new IllegalArgumentException("disk " + layout.disks().get(d) + " is missing");
      if (disks[d].loop() != loop) throw new IllegalArgumentException(disks[d] + " is on another loop");
    }
    traits = combined();
    checkExtents();
    drain = new Drain(loop, () -> CompletableFuture.completedStage(null));
  }

  private static BlockTraits traits(BlockDevice disk) {
    BlockTraits known = disk.traits();
    return known == null ? UNKNOWN : known;
  }

  private BlockTraits combined() {
    int alignment = 1;
    int preferred = 1;
    boolean readOnly = false;
    boolean trim = false;
    boolean zeroes = true;
    boolean rotational = false;
    for (int d : own) {
      BlockTraits t = traits(disks[d]);
      alignment = Math.max(alignment, t.alignment());
      preferred = Math.max(preferred, t.preferred());
      readOnly |= t.readOnly();
      trim |= t.trim();
      zeroes &= t.zeroes();
      rotational |= t.rotational();
    }
    return new BlockTraits(layout.size(), alignment, preferred, readOnly, trim, zeroes, rotational);
  }

  private void checkExtents() {
    long mask = traits.alignment() - 1;
    for (Segment segment : layout.segments(leg)) {
      if (segment.columns() > 1 && (segment.stripeUnit() & mask) != 0) {
        throw new IllegalArgumentException("stripe unit is not aligned");
      }
    }
    for (Extent e : layout.extents(leg)) {
      if (((e.offset() | e.length()) & mask) != 0) throw new IllegalArgumentException(e + " is not aligned");
      BlockDevice disk = disks[layout.disks().indexOf(e.disk())];
      if (e.end() > traits(disk).size()) throw new IllegalArgumentException(e + " reaches past the end of its disk");
    }
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  /** The layout's size; the strictest alignment of the disks; read-only if one is. */
  @Override
  public BlockTraits traits() {
    return traits;
  }

  public VolumeLayout layout() {
    return layout;
  }

  /** On the loop: requests that have not ended; one that is being completed has. */
  public int underWay() {
    return requests;
  }

  /** On the loop: adds the ids of the disks on which something of this leg is under way. */
  public void busyDisks(Collection<String> ids) {
    for (int d : own) if (busy[d] > 0) ids.add(layout.disks().get(d));
  }

  /** On the loop, while a request is being completed with a disk's error: the id of that disk. */
  public String failedDisk() {
    return layout.disks().get(failedDisk < 0 ? own[0] : failedDisk);
  }

  @Override
  public void submit(BlockRequest request) {
    int error = drain.closing() ? IoError.ESHUTDOWN : RequestCheck.error(request, traits);
    if (error != IoError.OK || RequestCheck.empty(request)) {
      request.completed(error);
      return;
    }
    drain.enter();
    requests++;
    Volley volley = freeVolleys;
    if (volley == null) volley = new Volley();
    else freeVolleys = volley.nextFree;
    volley.start(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (drain.closing()) sink.completed(IoError.ESHUTDOWN);
    else if (offset < 0 || length <= 0 || offset > traits.size() - length) sink.completed(IoError.EINVAL);
    else new LayoutStatus(layout, leg, disks, offset, length, sink).next();
  }

  @Override
  public CompletionStage<Void> close() {
    return drain.close();
  }

  @Override
  public String toString() {
    return "leg " + leg + " of the layout of epoch " + layout.epoch() + " on " + layout.disks();
  }

  /** A request and its pieces that have not completed. */
  private final class Volley implements VolumeLayout.PieceSink {
    private BlockRequest parent;
    private int pending;
    private int error;
    private int errorDisk;
    private Volley nextFree;

    void start(BlockRequest request) {
      parent = request;
      error = IoError.OK;
      // One for this method, so that pieces which complete at once do not end the request before all are out.
      pending = 1;
      if (request.op == BlockOp.FLUSH) {
        for (int d : own) piece(d, 0, request.offset, 0);
      } else if (request.op.hasPayload()) {
        layout.pieces(leg, request.offset, request.length, this);
      } else {
        layout.runs(leg, request.offset, request.length, this);
      }
      ended(IoError.OK, -1);
    }

    @Override
    public void piece(int disk, long diskOffset, long volumeOffset, long length) {
      Piece piece = freePieces;
      if (piece == null) piece = new Piece();
      else freePieces = piece.nextFree;
      piece.volley = this;
      piece.disk = disk;
      piece.set(parent.op, parent.flags, diskOffset, length);
      piece.buffer = parent.buffer;
      piece.bufferIndex = parent.bufferIndex + (int) (volumeOffset - parent.offset);
      pending++;
      busy[disk]++;
      disks[disk].submit(piece);
    }

    void ended(int pieceError, int disk) {
      if (error == IoError.OK && pieceError != IoError.OK) {
        error = pieceError;
        errorDisk = disk;
      }
      if (--pending > 0) return;
      if (error != IoError.OK) failedDisk = errorDisk;
      BlockRequest ended = parent;
      int result = error;
      parent = null;
      requests--;
      nextFree = freeVolleys;
      freeVolleys = this;
      ended.completed(result);
      drain.leave();
    }
  }

  /** One disk's part of a request. */
  private final class Piece extends BlockRequest {
    private Volley volley;
    private int disk;
    private Piece nextFree;

    @Override
    public void completed(int error) {
      Volley of = volley;
      volley = null;
      buffer = null;
      nextFree = freePieces;
      freePieces = this;
      busy[disk]--;
      of.ended(error, disk);
    }
  }
}
