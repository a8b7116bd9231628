package sluice.testkit.disk;

import java.util.ArrayList;
import java.util.List;
import sluice.testkit.world.Chance;
import sluice.testkit.world.World;

/** One disk that all can reach: its medium, its power, and what is wrong with it at the moment. */
public final class SimDisk {
  private static final long SERVICE_LEAST = 50_000;
  private static final long SERVICE_MOST = 2_000_000;

  private final World world;
  private final String id;
  private final Platter platter;
  private final List<DiskLine> lines = new ArrayList<>();
  private final List<Runnable> hung = new ArrayList<>();
  private boolean powered = true;
  private boolean gone;
  private boolean hanging;
  private double errors;
  private long extraNanos;
  private long lastTrouble = Long.MIN_VALUE / 2;

  public SimDisk(World world, String id, long size) {
    this.world = world;
    this.id = id;
    platter = new Platter(size);
  }

  public String id() {
    return id;
  }

  public Platter platter() {
    return platter;
  }

  World world() {
    return world;
  }

  public boolean powered() {
    return powered;
  }

  public boolean gone() {
    return gone;
  }

  public boolean answers() {
    return powered && !hanging;
  }

  /** When something was last wrong with it; the world's present if something is. */
  public long lastTrouble() {
    return powered && !hanging && errors == 0 && extraNanos == 0 ? lastTrouble : world.now();
  }

  // ---- what lines ask

  void join(DiskLine line) {
    lines.add(line);
  }

  void leave(DiskLine line) {
    lines.remove(line);
  }

  boolean hanging() {
    return hanging;
  }

  void park(Runnable until) {
    hung.add(until);
  }

  boolean failsNow() {
    return errors > 0 && world.chance().is(errors);
  }

  long service() {
    Chance chance = world.chance();
    long nanos = chance.between(SERVICE_LEAST, SERVICE_MOST);
    return extraNanos > 0 && chance.is(0.1) ? nanos + chance.between(0, extraNanos) : nanos;
  }

  // ---- what happens to it

  /** What was not stable is lost, sector by sector; whoever is connected is cut off. */
  public void cutPower(boolean forEver) {
    if (!powered) return;
    world.trace(() -> "disk " + id + " loses power" + (forEver ? " for ever" : ""));
    powered = false;
    gone = forEver;
    Chance chance = world.chance();
    for (DiskLine line : List.copyOf(lines)) line.lost(chance);
    platter.losePower(chance);
    hung.clear();
    hanging = false;
  }

  public void restorePower() {
    if (powered || gone) return;
    world.trace(() -> "disk " + id + " has power again");
    lastTrouble = world.now();
    powered = true;
  }

  /** It restarts: whoever is connected is cut off, nothing is lost. */
  public void resetLines() {
    world.trace(() -> "disk " + id + " drops its connections");
    lastTrouble = world.now();
    for (DiskLine line : List.copyOf(lines)) line.lost(world.chance());
  }

  public void hang() {
    if (!powered) return;
    world.trace(() -> "disk " + id + " hangs");
    hanging = true;
  }

  public void errors(double probability) {
    lastTrouble = world.now();
    world.trace(() -> "disk " + id + " fails " + probability);
    errors = probability;
  }

  public void slow(long extra) {
    lastTrouble = world.now();
    world.trace(() -> "disk " + id + " is slow by " + extra / 1_000_000 + " ms");
    extraNanos = extra;
  }

  /** All but what is gone for ever. */
  public void heal() {
    restorePower();
    if (errors > 0) errors(0);
    if (extraNanos > 0) slow(0);
    if (!hanging) return;
    world.trace(() -> "disk " + id + " answers again");
    lastTrouble = world.now();
    hanging = false;
    List<Runnable> waiting = List.copyOf(hung);
    hung.clear();
    for (Runnable r : waiting) world.after(world.chance().between(0, SERVICE_MOST), r);
  }

  @Override
  public String toString() {
    return id;
  }
}
