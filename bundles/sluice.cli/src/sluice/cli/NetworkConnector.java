package sluice.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.Near;
import sluice.client.ClusterProfile;
import sluice.client.ManagementClient;
import sluice.client.PictureListener;
import sluice.client.Profiles;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.Reply;

/** Reaches clusters over the network, with the credentials in the config folder or those of an agent. */
final class NetworkConnector implements ClusterConnector {
  /** How long a call may take: longer than anything the server does before it answers. */
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final Duration BEYOND_WAIT = Duration.ofSeconds(30);

  @Override
  public ClusterSession connect(Path configFolder, String cluster, Path identity, Duration patience) {
    ClusterProfile profile = profile(new Profiles(configFolder), cluster, identity);
    ManagementClient client = ManagementClient.connect(profile, "sluice " + VersionCommand.VERSION);
    try {
      ManagementClient.await(client.ready(patience));
      return new Session(client);
    } catch (SluiceException e) {
      client.close();
      throw e;
    }
  }

  private static ClusterProfile profile(Profiles profiles, String cluster, Path identity) {
    if (identity != null && Files.notExists(identity.resolve("identity"))) {
      throw new SluiceException(ErrorCode.NOT_FOUND, "there is no host's identity in " + identity, "no agent has joined with that folder",
          "name the folder that the agent was given with --dir", identity.toString());
    }
    if (identity != null) return ClusterProfile.load(identity);
    if (cluster == null) return profiles.requireCurrent();
    Near.require("cluster", cluster, profiles.list());
    return profiles.get(cluster);
  }

  private record Session(ManagementClient client) implements ClusterSession {
    @Override
    public Picture picture() {
      return ByName.sorted(ManagementClient.await(client.picture()));
    }

    @Override
    public Reply call(Call.Builder call, Consumer<Progress> progress) {
      return ManagementClient.await(client.callWithProgress(call.build(), deadline(call), progress));
    }

    private static Duration deadline(Call.Builder call) {
      if (call.hasAttach()) return Duration.ofMillis(call.getAttach().getWaitMs()).plus(BEYOND_WAIT);
      if (call.hasDetach()) return Duration.ofMillis(call.getDetach().getWaitMs()).plus(BEYOND_WAIT);
      return DEADLINE;
    }

    @Override
    public void watch(Watcher watcher) {
      client.watch(new PictureListener() {
        @Override
        public void picture(Picture picture) {
          watcher.picture(ByName.sorted(picture));
        }

        @Override
        public void changed(Picture now, PictureDelta delta) {
          watcher.picture(ByName.sorted(now));
          for (Event event : delta.getEventsList()) watcher.event(event);
        }

        @Override
        public void disconnected(String reason) {
          watcher.disconnected(reason);
        }

        @Override
        public void refused(SluiceException problem) {
          watcher.disconnected(problem.getMessage());
        }
      });
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
