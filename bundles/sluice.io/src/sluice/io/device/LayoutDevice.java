package sluice.io.device;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.layout.Extent;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;

/**
 * A volume: leg 0 of its layout, mapped onto the disks that hold it.
 *
 * <p>A request is split over the pieces of the layout, by pooled children that use the request's own buffer, and
 * completes once, when all its pieces have, with the first error. FLUSH goes to every disk of the layout. TRIM,
 * WRITE_ZEROES and CACHE go out as one run for each column, whatever their length.
 *
 * <p>The disks belong to whoever opened them (volumes share them): closing ends the volume's requests, not its disks.
 */
public final class LayoutDevice implements BlockDevice {
  private static final int LEG = 0;

  private final IoLoop loop;
  private final VolumeLayout layout;
  private final BlockDevice[] disks;
  private final BlockTraits traits;
  private final Drain drain;
  private Volley freeVolleys;
  private Piece freePieces;

  /**
   * @param disks in the order of {@link VolumeLayout#disks()}, all on {@code loop}
   * @throws IllegalArgumentException if the disks are not those of the layout, are on another loop, or if an extent
   *     is not aligned
   *     or reaches past its disk's end
   */
  public LayoutDevice(IoLoop loop, VolumeLayout layout, BlockDevice[] disks) {
    if (disks.length != layout.disks().size()) {
      throw new IllegalArgumentException(disks.length + " disks for " + layout.disks());
    }
    for (BlockDevice disk : disks) {
      if (disk.loop() != loop) throw new IllegalArgumentException(disk + " is on another loop");
    }
    this.loop = loop;
    this.layout = layout;
    this.disks = disks.clone();
    traits = combined(layout, disks);
    checkExtents();
    drain = new Drain(loop, () -> CompletableFuture.completedStage(null));
  }

  private static BlockTraits combined(VolumeLayout layout, BlockDevice[] disks) {
    int alignment = 1;
    int preferred = 1;
    boolean readOnly = false;
    boolean trim = false;
    boolean zeroes = true;
    boolean rotational = false;
    for (BlockDevice disk : disks) {
      BlockTraits t = disk.traits();
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
    for (Segment segment : layout.segments()) {
      if (segment.columns() > 1 && (segment.stripeUnit() & mask) != 0) {
        throw new IllegalArgumentException("stripe unit is not aligned");
      }
      for (Extent e : segment.legs().get(LEG)) {
        if (((e.offset() | e.length()) & mask) != 0) throw new IllegalArgumentException(e + " is not aligned");
        BlockDevice disk = disks[layout.disks().indexOf(e.disk())];
        if (e.end() > disk.traits().size()) throw new IllegalArgumentException(e + " reaches past the end of its disk");
      }
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

  @Override
  public void submit(BlockRequest request) {
    int error = drain.closing() ? IoError.ESHUTDOWN : RequestCheck.error(request, traits);
    if (error != IoError.OK || RequestCheck.empty(request)) {
      request.completed(error);
      return;
    }
    drain.enter();
    Volley volley = freeVolleys;
    if (volley == null) volley = new Volley();
    else freeVolleys = volley.nextFree;
    volley.start(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (drain.closing()) sink.completed(IoError.ESHUTDOWN);
    else if (offset < 0 || length <= 0 || offset > traits.size() - length) sink.completed(IoError.EINVAL);
    else new LayoutStatus(layout, disks, offset, length, sink).next();
  }

  @Override
  public CompletionStage<Void> close() {
    return drain.close();
  }

  @Override
  public String toString() {
    return "layout of epoch " + layout.epoch() + " on " + layout.disks();
  }

  /** A request and its pieces that have not completed. */
  private final class Volley implements VolumeLayout.PieceSink {
    private BlockRequest parent;
    private int pending;
    private int error;
    private Volley nextFree;

    void start(BlockRequest request) {
      parent = request;
      error = IoError.OK;
      // One for this method, so that pieces which complete at once do not end the request before all are out.
      pending = 1;
      if (request.op == BlockOp.FLUSH) {
        for (int d = 0; d < disks.length; d++) piece(d, 0, request.offset, 0);
      } else if (request.op.hasPayload()) {
        layout.pieces(LEG, request.offset, request.length, this);
      } else {
        layout.runs(LEG, request.offset, request.length, this);
      }
      ended(IoError.OK);
    }

    @Override
    public void piece(int disk, long diskOffset, long volumeOffset, long length) {
      Piece piece = freePieces;
      if (piece == null) piece = new Piece();
      else freePieces = piece.nextFree;
      piece.volley = this;
      piece.set(parent.op, parent.flags, diskOffset, length);
      piece.buffer = parent.buffer;
      piece.bufferIndex = parent.bufferIndex + (int) (volumeOffset - parent.offset);
      pending++;
      disks[disk].submit(piece);
    }

    void ended(int pieceError) {
      if (error == IoError.OK) error = pieceError;
      if (--pending > 0) return;
      BlockRequest ended = parent;
      int result = error;
      parent = null;
      nextFree = freeVolleys;
      freeVolleys = this;
      ended.completed(result);
      drain.leave();
    }
  }

  /** One disk's part of a request. */
  private final class Piece extends BlockRequest {
    private Volley volley;
    private Piece nextFree;

    @Override
    public void completed(int error) {
      Volley of = volley;
      volley = null;
      buffer = null;
      nextFree = freePieces;
      freePieces = this;
      of.ended(error);
    }
  }
}
