package sluice.catalog;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;

/** Makes a catalog's commands durable and applies them, in one order. All methods may be called from any thread. */
public interface CatalogEngine extends AutoCloseable {
  /**
   * Completes when the command is durable and applied, with its result; a refusal by the catalog is a result with a
   * problem. Fails with a {@link sluice.api.SluiceException} if the engine cannot take it: UNAVAILABLE when it is
   * closed, overloaded or without a majority, IO when its storage failed. After a failure the command may or may not
   * have been applied: repeat it with the same request id.
   *
   * <p>Stages complete on a thread of the engine's: do not block it.
   */
  CompletionStage<CommandResult> submit(Command command);

  /**
   * A short look at the state; it sees at least everything whose {@link #submit} has completed. Neither block in the
   * query nor keep the view; what its methods return may be kept.
   */
  <T> T read(Function<CatalogView, T> query);

  /**
   * Hands each delta after that revision to the listener, once, in order of revision, on one thread.
   *
   * @param afterRevision of the state that the listener knows
   * @return false if not all deltas after it are kept: read the whole state first, then ask from its revision
   */
  boolean subscribe(long afterRevision, Consumer<CatalogDelta> listener);

  /** The same object that was given. A delivery that has begun on the feed's thread may still end after this. */
  void unsubscribe(Consumer<CatalogDelta> listener);

  /** Who keeps the catalog; one on a single server. */
  List<MemberStatus> members();

  /** Shortens the log to a picture of the state as of now; completes when that is durable. */
  CompletionStage<Void> snapshot();

  /** Ends within seconds. Commands that have not completed fail with UNAVAILABLE; repeating is for the next start. */
  @Override
  void close();
}
