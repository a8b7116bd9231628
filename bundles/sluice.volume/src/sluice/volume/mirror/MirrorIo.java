package sluice.volume.mirror;

import java.util.Arrays;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.io.device.RangeLock;
import sluice.volume.intent.IntentLog;

/** A request while the mirror has it; pooled. Where it is says {@link #step}. */
final class MirrorIo {
  enum Step {
    /** Not in use. */
    FREE,
    /** A change behind another one that overlaps it. */
    LOCKING,
    /** A change whose regions are being marked. */
    MARKING,
    /** On the legs. */
    OUT,
    /** A leg failed that another one took it on: until somebody has decided. */
    HELD,
    /** The layout is being changed; it starts under the next one. */
    PARKED,
    /** About to end. */
    ENDING
  }

  private static final int UNDER_WAY = -1;

  final RangeLock.Range range;
  final IntentLog.Waiter waiter;
  Step step = Step.FREE;
  BlockRequest parent;
  /** What goes to the legs; TRIM is not sent as such. */
  BlockOp op;
  /** Has the range lock and counts as under way in its regions. */
  boolean locked;
  int first;
  int last;
  /** Order in which changes went out. */
  long number;
  /** FLUSH: its number in the log. */
  long flush;
  /** Something of it has been on a leg: an error leaves legs that may differ. */
  boolean touched;
  /** A read that lost its memory to a part that hangs, and got none instead. */
  boolean noMemory;
  private MirrorLeg[] legs = new MirrorLeg[4];
  private LegPart[] parts = new LegPart[4];
  private int[] results = new int[4];
  private String[] disks = new String[4];
  int count;
  /** Parts under way, and one while they are being sent. */
  int out;
  MirrorIo before;
  MirrorIo after;

  MirrorIo(Mirror mirror) {
    range = new RangeLock.Range() {
      @Override
      protected void granted() {
        mirror.locked(MirrorIo.this);
      }
    };
    waiter = new IntentLog.Waiter() {
      @Override
      protected void marked(int error, boolean elsewhere) {
        mirror.marked(MirrorIo.this, error, elsewhere);
      }
    };
  }

  void begin(BlockRequest request) {
    parent = request;
    op = request.op;
    locked = false;
    touched = false;
    noMemory = false;
    count = 0;
    out = 0;
  }

  boolean change() {
    return op.changesData();
  }

  void regions(int from, int to) {
    first = from;
    last = to;
    waiter.regions(from, to);
  }

  /** Nothing has been sent, or what was is to be sent anew. */
  void afresh() {
    for (int i = 0; i < count; i++) {
      legs[i] = null;
      disks[i] = null;
    }
    count = 0;
  }

  /** A part is about to be sent. */
  void add(MirrorLeg leg, LegPart part) {
    if (count == legs.length) grow();
    legs[count] = leg;
    parts[count] = part;
    results[count] = UNDER_WAY;
    part.index = count++;
    out++;
  }

  /** It is as if a part had failed. */
  void addFailed(MirrorLeg leg, int error, String disk) {
    if (count == legs.length) grow();
    legs[count] = leg;
    parts[count] = null;
    results[count] = error;
    disks[count++] = disk;
  }

  private void grow() {
    legs = Arrays.copyOf(legs, 2 * count);
    parts = Arrays.copyOf(parts, 2 * count);
    results = Arrays.copyOf(results, 2 * count);
    disks = Arrays.copyOf(disks, 2 * count);
  }

  void result(LegPart part, int error, String disk) {
    results[part.index] = error;
    disks[part.index] = disk;
    parts[part.index] = null;
    out--;
  }

  MirrorLeg leg(int i) {
    return legs[i];
  }

  int result(int i) {
    return results[i];
  }

  String disk(int i) {
    return disks[i];
  }

  /** The part if it is under way, otherwise null; it is no part of this any more. */
  LegPart give(int i) {
    LegPart part = parts[i];
    parts[i] = null;
    return part;
  }

  boolean tried(MirrorLeg leg) {
    for (int i = 0; i < count; i++) if (legs[i] == leg) return true;
    return false;
  }

  /** How it ended on that leg: {@link IoError#OK}, or else it did not. */
  boolean wellOn(String leg) {
    for (int i = 0; i < count; i++) if (legs[i].id().equals(leg)) return results[i] == IoError.OK;
    return false;
  }

  boolean sentTo(String leg) {
    for (int i = 0; i < count; i++) if (legs[i].id().equals(leg)) return true;
    return false;
  }

  void forget() {
    afresh();
    parent = null;
    step = Step.FREE;
  }
}
