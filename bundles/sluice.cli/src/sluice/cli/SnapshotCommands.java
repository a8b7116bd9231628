package sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.Moments;
import sluice.cli.output.Near;
import sluice.cli.output.Table;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ChangedRange;
import sluice.protocol.v1.DeleteSnapshot;
import sluice.protocol.v1.DiffSnapshots;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.RestoreVolume;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.SnapshotDiff;
import sluice.protocol.v1.SnapshotUsage;
import sluice.protocol.v1.SnapshotUse;
import sluice.protocol.v1.SnapshotUses;
import sluice.protocol.v1.SnapshotVolumes;
import sluice.protocol.v1.Volume;

/** The noun {@code snapshot}. */
@Command(
    name = "snapshot",
    description = "Volumes as they were at one moment, kept while hosts go on writing: take them, see what changed, read them over NBD.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      SnapshotCommands.Create.class, SnapshotCommands.ListAll.class, SnapshotCommands.Show.class, SnapshotCommands.Diff.class,
      SnapshotCommands.Restore.class, SnapshotCommands.Delete.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice snapshot create monday --volume v1 --volume v2", "  sluice snapshot diff monday tuesday --volume v1 -o json"})
final class SnapshotCommands {
  private SnapshotCommands() {}

  @Command(name = "create",
      description = "Take a snapshot of one or more volumes at one moment. Hosts that hold them stand still for some milliseconds; their I/O waits, none fails.",
      footerHeading = "%nExamples:%n",
      footer = {"  sluice snapshot create monday --volume v1", "  sluice snapshot create all --volume data --volume log --when-full give-up --limit 20G"})
  static final class Create extends RemoteCommand {
    @Parameters(paramLabel = "NAME", description = "The new snapshot's name: a-z, 0-9, '-', '_', '.'; 64 at most.")
    String name;

    @Option(names = "--volume", required = true, paramLabel = "VOLUME", description = "A volume's name or id; several times for several volumes.")
    List<String> volumes;

    @Option(names = "--when-full", paramLabel = "WHAT", defaultValue = "wait",
        description = "When there is no more room for what is to be kept: 'wait' (writes wait until there is) or 'give-up' (the oldest snapshot is deleted, if it"
            + " was taken with this). Default: ${DEFAULT-VALUE}.")
    String whenFull;

    @Option(names = "--chunk", paramLabel = "SIZE",
        description = "How much is kept at a time, 64k to 1M; for a volume without snapshots. Default: 64k.")
    ByteSize chunk;

    @Option(names = "--limit", paramLabel = "SIZE",
        description = "What all snapshots of each volume may take of its pool together. Default: what it was, at first all there is.")
    ByteSize limit;

    @Override
    protected int run(ClusterSession session) {
      Names names = new Names(session.picture());
      SnapshotVolumes.Builder take = SnapshotVolumes.newBuilder().setName(name).setWhenFull(policy());
      List<String> words = new ArrayList<>();
      for (String v : volumes) {
        Volume volume = names.volume(v);
        take.addVolumeIds(volume.getId());
        words.add(volume.getName());
      }
      if (chunk != null) take.setChunkBytes(chunk.bytes());
      if (limit != null) take.setLimitBytes(limit.bytes());
      return done(ask(session, "recalling the volumes from their hosts", Call.newBuilder().setSnapshotVolumes(take)).getDone(),
          "snapshot " + name + " of volume" + (words.size() == 1 ? " " : "s ") + String.join(", ", words) + " taken");
    }

    private Snapshot.WhenFull policy() {
      return switch (whenFull) {
        case "wait" -> Snapshot.WhenFull.WAIT;
        case "give-up" -> Snapshot.WhenFull.GIVE_UP;
        default -> throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "--when-full " + whenFull + " is not possible", "", "choose wait or give-up");
      };
    }
  }

  @Command(name = "list", description = "List snapshots, the oldest of each volume first.", footerHeading = "%nExamples:%n",
      footer = {"  sluice snapshot list", "  sluice snapshot list -o json"})
  static final class ListAll extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      List<Map<String, Object>> trees = new ArrayList<>();
      Table table = new Table().text("SNAPSHOT", "VOLUME", "TAKEN").number("SIZE").text("WHEN FULL", "NOW");
      for (Volume v : ByName.sorted(p).getVolumesList()) {
        for (Snapshot s : v.getSnapshotsList()) {
          trees.add(tree(v, s));
          table.row(s.getName(), v.getName(), Moments.at(s.getCreatedMs()), new ByteSize(s.getSizeBytes()), policy(s),
              v.getRestoringNumber() == s.getNumber() ? "being restored" : "");
        }
      }
      show(() -> trees, () -> table.print(context().out(), "There are no snapshots."));
      return 0;
    }
  }

  @Command(name = "show", description = "Show a snapshot: its volumes, the names under which they can be read, and what is kept for them.",
      footerHeading = "%nExamples:%n", footer = {"  sluice snapshot show monday", "  sluice snapshot show monday -o json"})
  static final class Show extends RemoteCommand {
    @Parameters(paramLabel = "SNAPSHOT", description = "Its name.")
    String name;

    @Override
    protected int run(ClusterSession session) {
      List<Member> members = members(session.picture(), name, null);
      List<Map<String, Object>> trees = new ArrayList<>();
      Table table = new Table().text("VOLUME", "EXPORT", "TAKEN").number("SIZE", "CHANGED UNTIL THE NEXT", "ROOM", "FREE");
      for (Member m : members) {
        SnapshotUses uses = ask(session, "asking what is kept", Call.newBuilder().setSnapshotUsage(SnapshotUsage.newBuilder().setVolumeId(m.volume.getId()))).getSnapshotUses();
        long kept = uses.getSnapshotsList().stream().filter(u -> u.getNumber() == m.snapshot.getNumber()).mapToLong(SnapshotUse::getKeptBytes).sum();
        Map<String, Object> tree = tree(m.volume, m.snapshot);
        tree.put("kept_bytes", kept);
        tree.put("room_bytes", uses.getTotalBytes());
        tree.put("free_bytes", uses.getFreeBytes());
        trees.add(tree);
        table.row(m.volume.getName(), export(m.volume, m.snapshot), Moments.at(m.snapshot.getCreatedMs()), new ByteSize(m.snapshot.getSizeBytes()),
            new ByteSize(kept), new ByteSize(uses.getTotalBytes()), new ByteSize(uses.getFreeBytes()));
      }
      show(() -> trees, () -> table.print(context().out(), ""));
      return 0;
    }
  }

  @Command(name = "diff", description = "Tell which bytes of a volume changed between two snapshots, or since one. Whole chunks; never too few.",
      footerHeading = "%nExamples:%n", footer = {"  sluice snapshot diff monday", "  sluice snapshot diff monday tuesday --volume v1 -o json"})
  static final class Diff extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "FROM", description = "The older snapshot.")
    String from;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "The newer one. Default: the volume as it is.")
    String to;

    @Option(names = "--volume", paramLabel = "VOLUME", description = "Which volume, if the snapshot is of several.")
    String volume;

    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Member older = one(members(p, from, volume), from);
      long until = to == null ? 0 : one(members(p, to, older.volume.getName()), to).snapshot.getNumber();
      List<Map<String, Object>> ranges = new ArrayList<>();
      long bytes = 0;
      long chunk;
      long at = 0;
      do {
        SnapshotDiff part = ask(session, "asking what changed", Call.newBuilder().setDiffSnapshots(DiffSnapshots.newBuilder().setVolumeId(older.volume.getId())
            .setFromNumber(older.snapshot.getNumber()).setToNumber(until).setStartBytes(at))).getSnapshotDiff();
        for (ChangedRange r : part.getRangesList()) {
          Map<String, Object> range = new LinkedHashMap<>();
          range.put("start_bytes", r.getStartBytes());
          range.put("length_bytes", r.getLengthBytes());
          ranges.add(range);
          bytes += r.getLengthBytes();
        }
        at = part.getNextBytes();
        chunk = part.getChunkBytes();
      } while (at != 0);
      print(older, ranges, bytes, chunk);
      return 0;
    }

    private void print(Member older, List<Map<String, Object>> ranges, long bytes, long chunk) {
      show(() -> {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("volume", older.volume.getName());
        tree.put("from", from);
        tree.put("to", to == null ? "" : to);
        tree.put("chunk_bytes", chunk);
        tree.put("changed_bytes", bytes);
        tree.put("ranges", ranges);
        return tree;
      }, () -> {
        say(new ByteSize(bytes) + " of volume " + older.volume.getName() + " changed in chunks of " + new ByteSize(chunk) + " from " + from
            + (to == null ? " until now" : " to " + to));
        Table table = new Table().number("START", "LENGTH");
        for (Map<String, Object> r : ranges) table.row(r.get("start_bytes"), r.get("length_bytes"));
        table.print(context().out(), "Nothing changed.");
      });
    }
  }

  @Command(name = "restore",
      description = "Make a volume that is attached nowhere what it was in a snapshot. It cannot be attached until that is done; its other snapshots show what they"
          + " showed. Take a snapshot first to keep what there is now.",
      footerHeading = "%nExamples:%n", footer = {"  sluice snapshot restore monday --volume v1 --confirm v1"})
  static final class Restore extends RemoteCommand {
    @Parameters(paramLabel = "SNAPSHOT", description = "Its name.")
    String name;

    @Option(names = "--volume", paramLabel = "VOLUME", description = "Which volume, if the snapshot is of several.")
    String volume;

    @Option(names = "--confirm", paramLabel = "VOLUME", defaultValue = "",
        description = "The volume's name: what was written to it since is lost, unless a later snapshot shows it.")
    String confirm;

    @Override
    protected int run(ClusterSession session) {
      Member member = one(members(session.picture(), name, volume), name);
      return change(session, Change.newBuilder().setRestoreVolume(RestoreVolume.newBuilder().setVolumeId(member.volume.getId())
          .setNumber(member.snapshot.getNumber()).setConfirmName(confirm)), "volume " + member.volume.getName() + " is being restored to snapshot " + name);
    }
  }

  @Command(name = "delete", description = "Delete a snapshot. What only it needed becomes free; others, and what changed between them, stay.",
      footerHeading = "%nExamples:%n", footer = {"  sluice snapshot delete monday", "  sluice snapshot delete monday --volume v1"})
  static final class Delete extends RemoteCommand {
    @Parameters(paramLabel = "SNAPSHOT", description = "Its name.")
    String name;

    @Option(names = "--volume", paramLabel = "VOLUME", description = "Only of this volume. Default: of all.")
    String volume;

    @Override
    protected int run(ClusterSession session) {
      List<Member> members = members(session.picture(), name, volume);
      DeleteSnapshot.Builder delete = DeleteSnapshot.newBuilder().setGroupId(members.get(0).snapshot.getGroupId());
      if (volume != null) delete.setVolumeId(members.get(0).volume.getId());
      return change(session, Change.newBuilder().setDeleteSnapshot(delete), "snapshot " + name + " deleted" + (volume == null ? "" : " of volume " + volume));
    }
  }

  /** A snapshot of one of its volumes. */
  private record Member(Volume volume, Snapshot snapshot) {}

  /** @param volume name or id; null: of all volumes that it was taken of */
  private static List<Member> members(Picture p, String name, String volume) {
    String only = volume == null ? "" : new Names(p).volume(volume).getId();
    List<Member> found = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (Volume v : ByName.sorted(p).getVolumesList()) {
      if (!only.isEmpty() && !v.getId().equals(only)) continue;
      for (Snapshot s : v.getSnapshotsList()) {
        known.add(s.getName());
        if (s.getName().equals(name)) found.add(new Member(v, s));
      }
    }
    if (found.isEmpty()) Near.require("snapshot", name, known);
    return found;
  }

  private static Member one(List<Member> members, String name) {
    if (members.size() == 1) return members.get(0);
    throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "snapshot " + name + " is of " + members.size() + " volumes", "",
        "say which one with --volume, one of " + String.join(", ", members.stream().map(m -> m.volume.getName()).toList()));
  }

  private static String export(Volume v, Snapshot s) {
    return v.getName() + "@" + s.getName();
  }

  private static String policy(Snapshot s) {
    return s.getWhenFull() == Snapshot.WhenFull.GIVE_UP ? "give up" : "wait";
  }

  private static Map<String, Object> tree(Volume v, Snapshot s) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", s.getName());
    tree.put("volume", v.getName());
    tree.put("export", export(v, s));
    tree.put("number", s.getNumber());
    tree.put("created_ms", s.getCreatedMs());
    tree.put("size_bytes", s.getSizeBytes());
    tree.put("when_full", policy(s));
    tree.put("restoring", v.getRestoringNumber() == s.getNumber());
    tree.put("group_id", s.getGroupId());
    return tree;
  }
}
