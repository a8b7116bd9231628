package sluice.api.block;

/** What can be asked of a block device. */
public enum BlockOp {
  READ,
  WRITE,
  /** Everything completed before it was submitted is stable once it completes. */
  FLUSH,
  /** The range's contents become undefined until written; a hint that may do nothing. */
  TRIM,
  /** The range reads as zeroes afterwards. */
  WRITE_ZEROES,
  /** A hint that the range will be read soon. */
  CACHE;

  public boolean changesData() {
    return this == WRITE || this == TRIM || this == WRITE_ZEROES;
  }

  public boolean hasPayload() {
    return this == READ || this == WRITE;
  }
}
