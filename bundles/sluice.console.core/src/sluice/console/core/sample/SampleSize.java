package sluice.console.core.sample;

/**
 * How large the cluster is.
 *
 * @param extents of all volumes together, at least four for each
 * @param changesPerSecond of statuses, volumes and tasks
 */
public record SampleSize(int hosts, int disks, int volumes, int extents, int changesPerSecond) {
  /** What the console has to carry. */
  public static final SampleSize LARGE = new SampleSize(1_000, 2_000, 10_000, 200_000, 1_000);

  public SampleSize {
    if (hosts < 1 || disks < 4 || volumes < 1 || extents < 4L * volumes || changesPerSecond < 0) throw new IllegalArgumentException("too small: " + hosts + " hosts");
  }

  /** Extents in each of a volume's two copies. */
  int perLeg() {
    return extents / volumes / 2;
  }
}
