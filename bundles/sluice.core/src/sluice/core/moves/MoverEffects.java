package sluice.core.moves;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.TaskStatus;

/** What a {@link Mover} does to the world. None of them blocks; answers come on the mover's thread, never before the method has returned. */
public interface MoverEffects {
  /** The mover's clock, monotonic nanoseconds. */
  long now();

  /** The catalog at this moment. */
  <T> T read(Function<CatalogView, T> query);

  /** Disks that shall get no new extents now. */
  List<AvoidDisk> avoid();

  /** Why a volume's leg cannot be copied at the moment, for people, as far as its disks are concerned; empty: it can. */
  String unreachable(String volumeId);

  /** To the volume's care: what is to be moved of it; null: nothing. */
  void move(String volumeId, MoveLeg move);

  /** Why the volume's care does not go on, for people; empty: it does. */
  String waitsFor(String volumeId);

  /** How far the leg of the volume that is filled is, by the volume's care; without a task's id: not known. */
  TaskStatus filled(String volumeId);

  void submit(Change change, Consumer<CommandResult> answer);

  /** A disk that has been replaced leaves the catalog, and its label is erased if it can be reached. @param answer why not; empty: it has */
  void remove(String diskId, Consumer<String> answer);

  void status(TaskStatus status);
}
