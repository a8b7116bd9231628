package sluice.core.catalog;

import sluice.core.layout.LayoutRules;

/** Bounds of what a catalog takes; more is refused. They keep its memory and its snapshots bounded. */
public final class CatalogLimits {
  public static final int VOLUMES = 100_000;
  public static final int POOLS = 1_000;
  public static final int DISKS = 65_536;
  public static final int DISKS_PER_POOL = 4_096;
  public static final int HOSTS = 10_000;
  public static final int USERS = 10_000;
  /** Joins that are waited for; those that have expired do not count. */
  public static final int TOKENS = 1_000;
  /** Of one user: one for each machine that they have joined from. */
  public static final int CERTIFICATES_PER_USER = 64;
  public static final int URIS_PER_DISK = 16;
  public static final int URI_CHARS = 1_024;
  public static final int NAME_CHARS = 64;
  public static final int REQUEST_ID_CHARS = 128;
  /** Of a text that comes from outside and is kept, as a refused peer's reason; longer ones are cut. */
  public static final int TEXT_CHARS = 1_000;
  /** Objects named in an event, an audit entry or a problem. */
  public static final int OBJECTS = 100;
  /** Kept; the oldest go first. */
  public static final int EVENTS = 10_000;
  public static final int AUDIT = 10_000;
  public static final int RESULTS = 10_000;
  /** Of all results kept: a refused placement names every disk, so a count alone would not bound them. */
  public static final long RESULTS_BYTES = 16L << 20;

  /** Tasks that have ended and are kept; those that have not are bounded by the legs there are. */
  public static final int ENDED_TASKS = 1_000;
  /** Steps of a task's history that are kept; the oldest go first. */
  public static final int TASK_STEPS = 32;
  /** Slots of write intents that hosts can have, from 1 on; slot 0 is the server's (invariant 4). */
  public static final int LAST_SLOT = LayoutRules.LAST_SLOT;
  /** A leg that is lost may be waited for this long at most before it is replaced: 30 days. */
  public static final long MAX_WAIT_MS = 30L * 24 * 3_600_000;

  public static final long DEFAULT_UNIT_BYTES = 1 << 20;
  public static final long MIN_UNIT_BYTES = 4 << 10;
  public static final long MAX_UNIT_BYTES = 1 << 30;
  public static final long DEFAULT_STRIPE_UNIT_BYTES = 64 << 10;
  public static final int STRIPES = LayoutRules.MAX_STRIPES;
  public static final int LEGS = LayoutRules.MAX_LEGS;
  /** Of one volume. */
  public static final int SNAPSHOTS = 256;
  public static final int SEGMENTS = LayoutRules.MAX_SEGMENTS;

  private CatalogLimits() {}
}
