package sluice.volume.mirror;

import sluice.api.block.BlockRequest;

/** A request's part on one leg; pooled. It outlives its request if the leg was given up under it. */
final class LegPart extends BlockRequest {
  private final Mirror mirror;
  MirrorLeg leg;
  /** Null once its leg was given up. */
  MirrorIo io;
  /** Which of the request's parts. */
  int index;
  long mark;
  /** Of a part that was given up: lets go of the memory. */
  Runnable memory;
  LegPart nextFree;

  LegPart(Mirror mirror) {
    this.mirror = mirror;
  }

  @Override
  public void completed(int error) {
    mirror.ended(this, error);
  }
}
