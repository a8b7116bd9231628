package sluice.core.catalog;

import sluice.protocol.v1.RemovedObject;

/** Kinds of objects, with the words that people know them by. */
enum Kind {
  USER("user", "list what there is with: sluice user list", RemovedObject.Kind.USER),
  TOKEN("token", "make a new one with: sluice host token", RemovedObject.Kind.TOKEN),
  HOST("host", "list what there is with: sluice host list", RemovedObject.Kind.HOST),
  DISK("disk", "list what there is with: sluice disk list", RemovedObject.Kind.DISK),
  POOL("pool", "list what there is with: sluice pool list", RemovedObject.Kind.POOL),
  VOLUME("volume", "list what there is with: sluice volume list", RemovedObject.Kind.VOLUME),
  TASK("task", "list what there is with: sluice task list", RemovedObject.Kind.TASK),
  /** Not an object of its own: it is kept with its volumes. */
  SNAPSHOT("snapshot", "list what there is with: sluice snapshot list", RemovedObject.Kind.VOLUME);

  private final String word;
  private final String whenMissing;
  private final RemovedObject.Kind removed;

  Kind(String word, String whenMissing, RemovedObject.Kind removed) {
    this.word = word;
    this.whenMissing = whenMissing;
    this.removed = removed;
  }

  String word() {
    return word;
  }

  /** What to do when there is none of that id. */
  String whenMissing() {
    return whenMissing;
  }

  RemovedObject.Kind removed() {
    return removed;
  }
}
