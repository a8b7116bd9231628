package sluice.io;

/**
 * What one connection holds of its loop's {@link MemoryBudget}. On the loop only.
 *
 * <p>A buffer counts from {@link #pay} until it has come home to its pool, by whatever way: released by its request, or
 * written to a socket, or given up by another route that was tried first.
 */
public final class MemoryShare {
  /** The connection. */
  public interface Owner {
    /** There is room now for what it waited for: begin it. */
    void goOn();

    /** Bytes that the peer has yet to take, or to send, before memory comes back; 0 if it does not depend on the peer. */
    long owed();

    /** Others need its memory: drop the connection, with all that its peer owes. */
    void cutOff(String why);
  }

  private final MemoryBudget budget;
  private final Owner owner;
  private final long limit;
  private long held;
  private long wanted;
  private boolean waits;
  private long waitingSince;
  private long owed;
  private long owedSince;
  private boolean closed;

  MemoryShare(MemoryBudget budget, Owner owner, long limit) {
    this.budget = budget;
    this.owner = owner;
    this.limit = limit;
  }

  /**
   * Whether a request with a buffer for so many bytes may begin; if not, {@link Owner#goOn} is called when it may.
   *
   * @param dataBytes 0 to 32 MiB; 0 takes no buffer
   */
  public boolean fits(int dataBytes) {
    long bytes = dataBytes == 0 ? 0 : NettyBuffer.memoryBytes(BufferPool.sizeClass(dataBytes));
    wanted = bytes;
    boolean fits = budget.fits(this);
    if (fits && waits) budget.left(this);
    if (!fits && !waits) {
      waitingSince = budget.now();
      budget.await(this);
    }
    waits = !fits;
    return fits;
  }

  /** Takes the buffer on this share. */
  public void pay(NettyBuffer buffer) {
    buffer.payer = this;
    held += buffer.memoryBytes();
    budget.taken(buffer.memoryBytes());
  }

  void returned(int bytes) {
    held -= bytes;
    budget.returned(bytes);
  }

  /** Waits no longer; what is still out counts until it has come back. */
  public void close() {
    if (closed) return;
    closed = true;
    waits = false;
    budget.closed(this);
  }

  void goOn() {
    owner.goOn();
  }

  void look(long now) {
    long left = owner.owed();
    if (left != 0 && left == owed) return;
    owed = left;
    owedSince = now;
  }

  boolean isStuck(long now) {
    return held > 0 && owed != 0 && now - owedSince >= MemoryBudget.PATIENCE_NANOS;
  }

  /** It waits for what it may have whatever it does and others do. */
  boolean isDue() {
    return held == 0 || held + wanted <= budget.small();
  }

  void cutOff(String why) {
    owner.cutOff(why);
  }

  /** It holds all that one connection may have. */
  boolean isAtLimit() {
    return held >= limit;
  }

  /** {@link Owner#goOn} will be called. */
  public boolean isWaiting() {
    return waits;
  }

  long wanted() {
    return wanted;
  }

  long waitingSince() {
    return waitingSince;
  }

  /** Bytes. */
  public long held() {
    return held;
  }
}
