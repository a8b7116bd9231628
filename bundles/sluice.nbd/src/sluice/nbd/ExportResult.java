package sluice.nbd;

/**
 * What an {@link ExportDirectory} answers to a name.
 *
 * @param export null if it is not to be had
 * @param reason why not; for the log only unless {@code mayBeTold}
 * @param mayBeTold the peer has a grant for the export and may read the reason
 */
public record ExportResult(Export export, String reason, boolean mayBeTold) {
  public static ExportResult granted(Export export) {
    return new ExportResult(export, "", true);
  }

  /** Unknown, or not granted to this peer: the peer cannot tell which (invariant 9). */
  public static ExportResult refused(String reasonForTheLog) {
    return new ExportResult(null, reasonForTheLog, false);
  }

  /** Granted, but not to be had just now; the peer is told why (NBD_REP_ERR_POLICY). */
  public static ExportResult unavailable(String reason) {
    return new ExportResult(null, reason, true);
  }
}
