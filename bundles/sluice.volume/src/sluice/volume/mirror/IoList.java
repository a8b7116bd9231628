package sluice.volume.mirror;

import java.util.ArrayList;
import java.util.List;

/** Requests in order of arrival, linked through themselves. */
final class IoList {
  private MirrorIo first;
  private MirrorIo last;

  boolean isEmpty() {
    return first == null;
  }

  MirrorIo first() {
    return first;
  }

  void add(MirrorIo io) {
    io.before = last;
    io.after = null;
    if (last == null) first = io;
    else last.after = io;
    last = io;
  }

  void remove(MirrorIo io) {
    if (io.before == null) first = io.after;
    else io.before.after = io.after;
    if (io.after == null) last = io.before;
    else io.after.before = io.before;
    io.before = null;
    io.after = null;
  }

  /** Those that are there now; for what is rare. */
  List<MirrorIo> copy() {
    List<MirrorIo> all = new ArrayList<>();
    for (MirrorIo io = first; io != null; io = io.after) all.add(io);
    return all;
  }
}
