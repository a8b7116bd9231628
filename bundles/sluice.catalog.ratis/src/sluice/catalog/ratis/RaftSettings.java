package sluice.catalog.ratis;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;
import sluice.ratis.OneMemberRpc;

/** The parameters of the log. What is not set has Ratis's default. */
final class RaftSettings {
  /** The one group; also the name of its folder, so it never changes. */
  static final RaftGroupId GROUP = RaftGroupId.valueOf(UUID.fromString("6f2b1b0e-51c3-4a5c-9b1d-7ac0c0a7a106"));

  /** A command may be as large as a frame of the control protocol, in which it came. */
  static final int MAX_COMMAND_BYTES = 16 << 20;

  /** An entry is a command and Ratis's header of some tens of bytes. */
  static final int MAX_ENTRY_BYTES = MAX_COMMAND_BYTES + (64 << 10);

  private RaftSettings() {}

  /**
   * @param dir of the storage
   * @param snapshotEvery log entries; a restart reads back at most that many
   */
  static RaftProperties of(Path dir, long snapshotEvery) {
    RaftProperties p = new RaftProperties();
    OneMemberRpc.use(p);
    RaftServerConfigKeys.setStorageDir(p, List.of(dir.toFile()));
    // alone, a member need not wait to see whether somebody else leads
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(300));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(600));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, millis(20));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, millis(40));
    // a process that was stopped for minutes, as a suspended virtual machine is, has lost nothing: there is no other
    // leader; Ratis would step down, or close itself for good
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, TimeDuration.valueOf(365, TimeUnit.DAYS));
    RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(365, TimeUnit.DAYS));
    RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf(4 << 20));
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf(256 << 10));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(MAX_ENTRY_BYTES));
    // Ratis wants it larger than the largest entry; memory that is never written to is never taken
    RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(MAX_ENTRY_BYTES + 4096));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
    // true forces one more entry for each commit, which only a group that lost its majority has a use for
    RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, snapshotEvery);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
    // else a stop waits for a snapshot each time
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
    return p;
  }

  private static TimeDuration millis(long n) {
    return TimeDuration.valueOf(n, TimeUnit.MILLISECONDS);
  }
}
