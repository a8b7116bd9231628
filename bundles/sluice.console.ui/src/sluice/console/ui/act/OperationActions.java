package sluice.console.ui.act;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.emf.ecore.EObject;
import sluice.console.core.ops.Operation;
import sluice.console.core.ops.Operations;
import sluice.console.core.verdict.Action;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.wizards.OperationWizard;
import sluice.model.Disk;
import sluice.model.Host;
import sluice.model.Pool;
import sluice.model.San;
import sluice.model.Task;
import sluice.model.User;
import sluice.model.Volume;

/**
 * The console's operations as actions of the workbench. What each is, asks for, checks and does stands there; here stand its
 * icon, a sentence, and what it is offered on.
 */
final class OperationActions {
  /** Kinds of objects on which an action is offered. */
  private static final Map<ObjectKey.Kind, Class<?>> KINDS = Map.of(ObjectKey.Kind.CLUSTER, San.class, ObjectKey.Kind.HOST, Host.class, ObjectKey.Kind.DISK, Disk.class,
      ObjectKey.Kind.POOL, Pool.class, ObjectKey.Kind.VOLUME, Volume.class, ObjectKey.Kind.TASK, Task.class, ObjectKey.Kind.USER, User.class);

  private static final Map<String, List<Class<?>>> MADE = new HashMap<>();

  private OperationActions() {}

  static List<SanAction> all() {
    List<SanAction> all = new ArrayList<>();
    all.add(made(Action.CREATE_VOLUME, "new-volume", "Make a volume; where it would lie is shown while you choose.", Volume.class, San.class));
    all.add(made(Action.CREATE_POOL, "new-pool", "Make a pool of disks, from which volumes are allocated.", Disk.class, Pool.class));
    all.add(made(Action.ADD_DISKS, "add-disk", "Label disks for this cluster, of those that the server sees or that you name.", Pool.class, Disk.class));
    all.add(made(Action.JOIN_HOST, "join-host", "Make a token, and show the command to run on the host that joins.", Host.class));
    all.add(on(Action.ATTACH, "attach", "Let a host hold the volume: its programs then find it as an NBD export."));
    all.add(on(Action.DETACH, "detach", "Take the volume back from a host that holds it. Its programs lose it."));
    all.add(on(Action.GRANT, "grant", "Say that a host may hold the volume, and how."));
    all.add(on(Action.REVOKE, "revoke", "Take a host's grant away again."));
    all.add(on(Action.RESIZE_VOLUME, "grow", "Make the volume larger, or smaller, also while it is used."));
    all.add(on(Action.ADD_LEG, "add-leg", "Keep one more copy of the volume, on other disks; it is filled while the volume is used."));
    all.add(on(Action.DROP_LEG, "drop-leg", "Give up one of the volume's copies; its space is free afterwards."));
    all.add(atOnce(Action.RECOVER, "recover", "Bring copies that are stale up to date again, also where that was cancelled."));
    all.add(on(Action.RELAYOUT_VOLUME, "volumemap", "Stripe the volume over another number of disks, while it is used."));
    all.add(on(Action.SHARE_VOLUME, "host", "Say whether several hosts may write to the volume at the same time."));
    all.add(on(Action.RENAME_VOLUME, "rename", "Give the volume another name. Its data and its holders do not notice."));
    all.add(on(Action.DELETE_VOLUME, "delete", "Delete the volume and all that is on it."));
    all.add(on(Action.ADD_POOL_DISKS, "add-disk", "Put disks that are in no pool into this one."));
    all.add(on(Action.REBALANCE_POOL, "diskmap", "Spread what lies in the pool over its disks, so that each is filled alike."));
    all.add(on(Action.SET_POOL, "throttle", "Say how long a lost disk is waited for, and how fast copies are made."));
    all.add(on(Action.RENAME_POOL, "rename", "Give the pool another name."));
    all.add(on(Action.EXPORT_POOL, "disconnect", "Let the pool go from this cluster; its disks keep everything, and another cluster can import it."));
    all.add(on(Action.DELETE_POOL, "delete", "Take the pool away; its disks stay, in no pool."));
    all.add(made(Action.IMPORT_POOL, "pool", "Bring a pool back, with all its volumes, from its disks alone."));
    all.add(new SanAction("disk.recheck", Action.RECHECK_DISKS.label(), "refresh", "Let the server look at every disk now, instead of at its next turn.",
        s -> s.one(Disk.class).isPresent() || s.one(San.class).isPresent(), s -> whyNot(Action.RECHECK_DISKS, s), s -> run(Action.RECHECK_DISKS, s, Map.of())));
    all.add(on(Action.EVACUATE_DISK, "evacuate", "Move everything off the disk to others of its pool, while it is used."));
    all.add(on(Action.REPLACE_DISK, "replace", "Move everything from the disk to another one, which takes its place."));
    all.add(preset("disk.spare", "Keep as spare", "recovery", "Let the disk take copies that replace lost ones, and nothing else.", "yes"));
    all.add(preset("disk.unspare", "Use for volumes", "volume", "Let the disk take new volumes again.", "no"));
    all.add(on(Action.SET_DISK, "properties", "Change the disk's name, failure domain, or the ways to it."));
    all.add(on(Action.REMOVE_DISK, "delete", "Take the disk out of the cluster and erase its label."));
    all.add(on(Action.ALLOW_HOST, "grant", "Say how much the host may allocate by itself."));
    all.add(on(Action.RENAME_HOST, "rename", "Give the host another name."));
    all.add(on(Action.DECLARE_DEAD, "cancel", "Say that the host is off and will not write again: what it holds can be given to others."));
    all.add(on(Action.REMOVE_HOST, "delete", "Let the host be no member any more: its certificate is good for nothing from then on."));
    all.add(atOnce(Action.PAUSE_TASK, "pause", "Let the task stand still where it is. It can be resumed, also after a restart."));
    all.add(atOnce(Action.RESUME_TASK, "resume", "Let the task go on where it stood still."));
    all.add(on(Action.THROTTLE_TASK, "throttle", "Limit how much the task copies in a second."));
    all.add(on(Action.CANCEL_TASK, "cancel", "End the task. A recovery that is cancelled leaves its copy stale until it is recovered again."));
    all.add(made(Action.ADD_USER, "user", "Let one more person use the cluster.", User.class));
    all.add(on(Action.SET_USER, "user", "Say what the person may do."));
    all.add(on(Action.USER_TOKEN, "token", "Make a token with which the person joins from another machine."));
    all.add(on(Action.REMOVE_USER, "delete", "Let the person use the cluster no more."));
    all.add(first(all, "rename", "Rename\u2026", "rename", "Give what is selected another name.", List.of(Action.RENAME_VOLUME, Action.RENAME_POOL, Action.RENAME_HOST, Action.SET_DISK)));
    all.add(first(all, "remove", "Delete or remove\u2026", "delete", "Delete or remove what is selected; its name is asked for.",
        List.of(Action.DELETE_VOLUME, Action.DELETE_POOL, Action.REMOVE_HOST, Action.REMOVE_DISK, Action.REMOVE_USER)));
    return all;
  }

  /** The one of several that is meant for the object: so that each kind has it on the same key. */
  private static SanAction first(List<SanAction> all, String id, String label, String icon, String describe, List<Action> of) {
    List<SanAction> some = all.stream().filter(a -> of.stream().anyMatch(o -> o.id().equals(a.id()))).toList();
    return new SanAction(id, label, icon, describe, s -> some.stream().anyMatch(a -> a.fits().of(s)),
        s -> some.stream().filter(a -> a.fits().of(s)).findFirst().map(a -> a.whyNot().of(s)).orElse("Select a volume, pool, disk, host or user first."),
        s -> some.stream().filter(a -> a.fits().of(s)).findFirst().ifPresent(a -> a.run().to(s)));
  }

  /** Offered on one object of its kind. */
  private static SanAction on(Action a, String icon, String describe) {
    return new SanAction(a.id(), a.label(), icon, describe, Rules.one(KINDS.get(a.on())), s -> whyNot(a, s), s -> ask(a, s));
  }

  /** Makes something new: possible whatever is selected, and seeded from it; offered on objects that it has to do with. */
  private static SanAction made(Action a, String icon, String describe, Class<?>... also) {
    List<Class<?>> kinds = new ArrayList<>(List.of(also));
    kinds.add(San.class);
    kinds.add(KINDS.get(a.on()));
    MADE.put(a.id(), kinds);
    return new SanAction(a.id(), a.label(), icon, describe, Rules.anything(), s -> whyNot(a, s), s -> ask(a, s));
  }

  /** Is it to be offered on what is selected, beside what can be done with just that? */
  static boolean offered(SanAction a, Subject s) {
    List<Class<?>> kinds = MADE.get(a.id());
    return kinds == null || s.objects().stream().allMatch(o -> kinds.stream().anyMatch(k -> k.isInstance(o)));
  }

  /** Asks for nothing more. */
  private static SanAction atOnce(Action a, String icon, String describe) {
    return new SanAction(a.id(), a.label(), icon, describe, Rules.one(KINDS.get(a.on())), s -> whyNot(a, s), s -> run(a, s, Map.of()));
  }

  private static SanAction preset(String id, String label, String icon, String describe, String spare) {
    return new SanAction(id, label, icon, describe, Rules.one(Disk.class), s -> {
      String not = whyNot(Action.SET_DISK, s);
      if (!not.isEmpty()) return not;
      return s.one(Disk.class).filter(d -> d.isSpare() == spare.equals("yes")).map(d -> d.isSpare() ? "It is a spare already." : "It is no spare.").orElse("");
    }, s -> run(Action.SET_DISK, s, Map.of("spare", spare)));
  }

  private static String whyNot(Action a, Subject s) {
    Optional<ShownCluster> c = s.cluster();
    if (c.isEmpty()) return Clusters.get().all().isEmpty() ? Rules.NO_CLUSTER : Rules.WHICH_CLUSTER;
    List<ObjectKey> keys = keys(s);
    return Operations.whyNot(a, c.get().connection(), keys.isEmpty() ? new ObjectKey(ObjectKey.Kind.CLUSTER, "") : keys.get(0)).orElse("");
  }

  private static List<ObjectKey> keys(Subject s) {
    return s.objects().stream().filter(EObject.class::isInstance).map(o -> Clusters.key((EObject) o)).flatMap(Optional::stream).toList();
  }

  private static Operation operation(Action a, Subject s, ShownCluster c) {
    return Operations.of(a, c.view(), keys(s));
  }

  private static void ask(Action a, Subject s) {
    s.cluster().ifPresent(c -> OperationWizard.open(s.window(), c, operation(a, s, c)));
  }

  private static void run(Action a, Subject s, Map<String, String> values) {
    s.cluster().ifPresent(c -> {
      Operation o = operation(a, s, c);
      values.forEach(o::set);
      if (o.ready()) OperationJob.start(s.window().getShell(), c, o);
      else OperationWizard.open(s.window(), c, o);
    });
  }
}
