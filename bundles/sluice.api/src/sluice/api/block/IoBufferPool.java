package sluice.api.block;

/** Buffers of one event loop. Only that loop may call it. */
public interface IoBufferPool {
  /** @param dataBytes room wanted for data, 0 to {@link BlockDevice#MAX_TRANSFER}; contents are undefined */
  IoBuffer take(int dataBytes);
}
