package sluice.console.core.san;

/** Hears of each application of news to a model, once it is whole; on the executor of the user interface. */
@FunctionalInterface
public interface ModelListener {
  void changed(ModelChange change);
}
