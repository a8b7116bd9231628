package sluice.agent.direct;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import sluice.api.block.BlockDevice;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.DiskLine;

/**
 * The disks of a route: those of its layout, and those that an older layout had and that still have something under way. On the
 * route's loop.
 */
final class RouteDisks {
  private final Function<String, DiskSlot> make;
  /** By id, in the layout's order. */
  private Map<String, DiskSlot> used = new LinkedHashMap<>();
  /** Not of the layout any more, but the engine may not know yet. */
  private final Map<String, DiskSlot> going = new LinkedHashMap<>();
  private final List<DiskSlot> former = new ArrayList<>();
  private final List<CompletableFuture<?>> closes = new ArrayList<>();
  private boolean quiet;
  private boolean lapsed;

  RouteDisks(Function<String, DiskSlot> make) {
    this.make = make;
  }

  /** A layout's disks: those that are known stay as they are. */
  void use(List<String> ids) {
    Map<String, DiskSlot> next = new LinkedHashMap<>();
    for (String id : ids) {
      DiskSlot slot = used.remove(id);
      if (slot == null) slot = going.remove(id);
      if (slot == null) {
        slot = make.apply(id);
        slot.quiet(quiet);
        slot.lapsed(lapsed);
      }
      next.put(id, slot);
    }
    going.putAll(used);
    used = next;
  }

  /** Of those that are known, these are the ones of the newest layout; nothing is opened or closed. */
  void keepOnly(List<String> ids) {
    use(ids.stream().filter(id -> used.containsKey(id) || going.containsKey(id)).toList());
  }

  /** The engine has heard of the layout: the disks that are not part of it are closed, once what they have is settled. */
  void retire() {
    former.removeIf(slot -> !slot.isChanging());
    closes.removeIf(CompletableFuture::isDone);
    for (DiskSlot slot : going.values()) {
      closes.add(slot.close().toCompletableFuture());
      former.add(slot);
    }
    going.clear();
  }

  Collection<DiskSlot> used() {
    return used.values();
  }

  /** Null if it is unknown. */
  DiskSlot slot(String id) {
    DiskSlot slot = used.get(id);
    return slot == null ? going.get(id) : slot;
  }

  /** For the engine. */
  BlockDevice device(String id) {
    return slot(id);
  }

  boolean allOpen() {
    return used.values().stream().allMatch(DiskSlot::isOpen);
  }

  List<DiskLine> lines() {
    return used.values().stream().map(DiskSlot::line).toList();
  }

  void proofs(long run, List<DiskLine> proved) {
    for (DiskLine line : proved) {
      DiskSlot slot = used.get(line.diskId());
      if (slot != null) slot.proof(line, run);
    }
  }

  void cut() {
    for (DiskSlot slot : List.copyOf(used.values())) slot.cut();
    for (DiskSlot slot : List.copyOf(going.values())) slot.cut();
  }

  /** Empty if every extent fits its disk. */
  String tooSmall(VolumeLayout layout) {
    for (int leg = 0; leg < layout.legs().size(); leg++) {
      for (Extent e : layout.extents(leg)) if (!fits(e)) return tooSmall(e);
    }
    for (LegRole leg : layout.legs()) if (leg.intents() != null && !fits(leg.intents())) return tooSmall(leg.intents());
    return "";
  }

  private boolean fits(Extent e) {
    DiskSlot slot = used.get(e.disk());
    return slot == null || e.end() <= slot.traits().size();
  }

  private String tooSmall(Extent e) {
    return "the layout does not fit its disks: " + e + " reaches past the end of " + used.get(e.disk()).label();
  }

  void quiet(boolean on) {
    quiet = on;
    for (DiskSlot slot : List.copyOf(used.values())) slot.quiet(on);
    for (DiskSlot slot : List.copyOf(going.values())) slot.quiet(on);
  }

  void lapsed(boolean on) {
    lapsed = on;
    for (DiskSlot slot : List.copyOf(used.values())) slot.lapsed(on);
    for (DiskSlot slot : List.copyOf(going.values())) slot.lapsed(on);
  }

  /** What quiet disks hold back ends, and so does what would be held back: the route is closing, and nothing would let it go. */
  void endHeldBack() {
    for (DiskSlot slot : List.copyOf(used.values())) slot.endHeldBack();
    for (DiskSlot slot : List.copyOf(going.values())) slot.endHeldBack();
  }

  /** Those of the layout, and those that the engine may still use, with a read or change under way. */
  Set<String> busy() {
    Set<String> ids = new TreeSet<>();
    for (DiskSlot slot : used.values()) if (slot.isBusy()) ids.add(slot.diskId());
    for (DiskSlot slot : going.values()) if (slot.isBusy()) ids.add(slot.diskId());
    return ids;
  }

  /** For people: the disks of the layout with something under way. */
  String busyLabels() {
    String all = used.values().stream().filter(DiskSlot::isBusy).map(DiskSlot::label).collect(Collectors.joining(", "));
    return all.isEmpty() ? "its disks" : all;
  }

  Set<String> lost() {
    Set<String> ids = new TreeSet<>();
    for (DiskSlot slot : used.values()) if (!slot.isGood()) ids.add(slot.diskId());
    return ids;
  }

  /** Those that no layout has any more, on which a change can still take effect. */
  Set<String> formerlyUsed() {
    if (former.isEmpty() && going.isEmpty()) return Set.of();
    Set<String> ids = new TreeSet<>();
    for (DiskSlot slot : going.values()) if (slot.isChanging()) ids.add(slot.diskId());
    for (DiskSlot slot : former) if (slot.isChanging()) ids.add(slot.diskId());
    return ids;
  }

  void awaitAtClose(CompletionStage<?> stage) {
    closes.add(stage.toCompletableFuture());
  }

  /** Completes when all disks there ever were are closed. */
  CompletionStage<Void> close() {
    going.putAll(used);
    used = new LinkedHashMap<>();
    retire();
    return CompletableFuture.allOf(closes.toArray(CompletableFuture<?>[]::new));
  }
}
