package sluice.volume.intent;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Everybody's write intents of a mirrored volume, as they lie beside its legs: for the server, which reconciles what
 * hosts left unfinished (invariant 4).
 *
 * <p>On the engine's loop; stages complete there. What is read is the union over all legs in sync or filling that can be
 * read. A leg that cannot be read is left out; if not one leg in sync can be, the stage fails with a SluiceException.
 */
public interface IntentSlots {
  /** Slots of a volume; slot 0 is the server's. */
  int COUNT = 128;

  /**
   * The regions that these slots show, joined, ascending, within the volume. Empty: all slots. The engine's own slot
   * counts as it is in memory.
   */
  CompletionStage<List<DirtyRange>> dirty(Collection<Integer> slots);

  /**
   * The slot shows nothing any more, durably, on every leg in sync or filling. Of the engine's own slot: what it showed
   * when the engine was opened may from now on be cleared lazily, as what this run has written.
   */
  CompletionStage<Void> clear(int slot);

  /**
   * What the slot shows is taken over into the engine's own, durably, and stays there until all legs are in sync; then
   * the slot is cleared.
   */
  CompletionStage<Void> inherit(int slot);

  /** Which incarnation wrote the slot last; 0: nobody has, or it shows nothing. */
  CompletionStage<Long> incarnation(int slot);
}
