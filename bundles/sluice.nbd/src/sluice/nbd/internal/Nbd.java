package sluice.nbd.internal;

import sluice.api.block.BlockDevice;

/** The numbers of the NBD protocol ("Values"), named as there without the prefix NBD_. */
public final class Nbd {
  public static final long INIT_MAGIC = 0x4e42444d41474943L;
  public static final long OPTION_MAGIC = 0x49484156454F5054L;
  public static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
  public static final long OLDSTYLE_MAGIC = 0x00420281861253L;
  public static final int REQUEST_MAGIC = 0x25609513;
  public static final int SIMPLE_REPLY_MAGIC = 0x67446698;
  public static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

  public static final int OPTION_HEADER = 16;
  public static final int OPTION_REPLY_HEADER = 20;
  public static final int REQUEST_HEADER = 28;
  public static final int SIMPLE_REPLY_HEADER = 16;
  public static final int STRUCTURED_REPLY_HEADER = 20;

  /** "Conventions": strings are at most this many bytes. */
  public static final int MAX_STRING = 4096;
  /** "Size constraints": what every server takes. */
  public static final int MAX_PAYLOAD = BlockDevice.MAX_TRANSFER;

  public static final int FLAG_FIXED_NEWSTYLE = 1;
  public static final int FLAG_NO_ZEROES = 2;

  public static final int FLAG_HAS_FLAGS = 1;
  public static final int FLAG_READ_ONLY = 1 << 1;
  public static final int FLAG_SEND_FLUSH = 1 << 2;
  public static final int FLAG_SEND_FUA = 1 << 3;
  public static final int FLAG_ROTATIONAL = 1 << 4;
  public static final int FLAG_SEND_TRIM = 1 << 5;
  public static final int FLAG_SEND_WRITE_ZEROES = 1 << 6;
  public static final int FLAG_SEND_DF = 1 << 7;
  public static final int FLAG_CAN_MULTI_CONN = 1 << 8;
  public static final int FLAG_SEND_CACHE = 1 << 10;
  public static final int FLAG_SEND_FAST_ZERO = 1 << 11;

  public static final int OPT_EXPORT_NAME = 1;
  public static final int OPT_ABORT = 2;
  public static final int OPT_LIST = 3;
  public static final int OPT_STARTTLS = 5;
  public static final int OPT_INFO = 6;
  public static final int OPT_GO = 7;
  public static final int OPT_STRUCTURED_REPLY = 8;
  public static final int OPT_LIST_META_CONTEXT = 9;
  public static final int OPT_SET_META_CONTEXT = 10;
  public static final int OPT_EXTENDED_HEADERS = 11;

  public static final int REP_ACK = 1;
  public static final int REP_SERVER = 2;
  public static final int REP_INFO = 3;
  public static final int REP_META_CONTEXT = 4;
  public static final int REP_ERR_UNSUP = 1 << 31 | 1;
  public static final int REP_ERR_POLICY = 1 << 31 | 2;
  public static final int REP_ERR_INVALID = 1 << 31 | 3;
  public static final int REP_ERR_PLATFORM = 1 << 31 | 4;
  public static final int REP_ERR_TLS_REQD = 1 << 31 | 5;
  public static final int REP_ERR_UNKNOWN = 1 << 31 | 6;
  public static final int REP_ERR_SHUTDOWN = 1 << 31 | 7;
  public static final int REP_ERR_BLOCK_SIZE_REQD = 1 << 31 | 8;
  public static final int REP_ERR_TOO_BIG = 1 << 31 | 9;

  public static final int INFO_EXPORT = 0;
  public static final int INFO_NAME = 1;
  public static final int INFO_DESCRIPTION = 2;
  public static final int INFO_BLOCK_SIZE = 3;

  public static final int CMD_READ = 0;
  public static final int CMD_WRITE = 1;
  public static final int CMD_DISC = 2;
  public static final int CMD_FLUSH = 3;
  public static final int CMD_TRIM = 4;
  public static final int CMD_CACHE = 5;
  public static final int CMD_WRITE_ZEROES = 6;
  public static final int CMD_BLOCK_STATUS = 7;

  public static final int CMD_FLAG_FUA = 1;
  public static final int CMD_FLAG_NO_HOLE = 1 << 1;
  public static final int CMD_FLAG_DF = 1 << 2;
  public static final int CMD_FLAG_REQ_ONE = 1 << 3;
  public static final int CMD_FLAG_FAST_ZERO = 1 << 4;

  public static final int REPLY_FLAG_DONE = 1;
  public static final int REPLY_NONE = 0;
  public static final int REPLY_OFFSET_DATA = 1;
  public static final int REPLY_OFFSET_HOLE = 2;
  public static final int REPLY_BLOCK_STATUS = 5;
  public static final int REPLY_ERROR = 1 << 15 | 1;
  public static final int REPLY_ERROR_OFFSET = 1 << 15 | 2;
  public static final int REPLY_ERROR_BIT = 1 << 15;

  public static final String BASE_ALLOCATION = "base:allocation";

  private Nbd() {}
}
