package sluice.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.SetPoolRecovery;

/** How a pool's volumes heal. */
@Command(
    name = "set",
    description = "Change how a pool's volumes heal. What is under way takes it up at once.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice pool set gold --recovery-wait 5m      a disk that is away for less is only brought up to date",
      "  sluice pool set gold --recovery-max 200MiB/s --recovery-min 20MiB/s"
    })
final class PoolSet extends RemoteCommand {
  @Parameters(paramLabel = "POOL", description = "Its name or id.")
  String pool;

  @Option(names = "--recovery-wait", paramLabel = "TIME",
      description = "How long a lost disk is waited for before its legs are put on other disks. 60s if never set.")
  Duration wait;

  @Option(names = "--recovery-max", paramLabel = "RATE",
      description = "Copy at most so much a second for each volume, like 200MiB/s; 'none': as fast as the disks, as if never set.")
  String max;

  @Option(names = "--recovery-min", paramLabel = "RATE",
      description = "Go on at least this fast while hosts are busy; 'none': 8MiB/s, as if never set.")
  String min;

  @Override
  protected int run(ClusterSession session) {
    if (wait == null && max == null && min == null) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "nothing to change was given", "",
          "use --recovery-wait, --recovery-max or --recovery-min");
    }
    Pool p = new Names(session.picture()).pool(pool);
    RecoverySettings.Builder set = p.getRecovery().toBuilder();
    if (wait != null) set.setWaitMs(wait.toMillis());
    if (max != null) set.setMaxBytesPerSecond(Rates.parse(max));
    if (min != null) set.setMinBytesPerSecond(Rates.parse(min));
    return change(session, Change.newBuilder().setSetPoolRecovery(SetPoolRecovery.newBuilder().setPoolId(p.getId()).setRecovery(set)),
        "pool " + p.getName() + " changed");
  }
}
