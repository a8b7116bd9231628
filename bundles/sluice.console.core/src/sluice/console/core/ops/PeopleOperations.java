package sluice.console.core.ops;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sluice.console.core.verdict.Action;
import sluice.console.core.verdict.Healths;
import sluice.console.core.verdict.Words;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Allowance;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.DeclareHostDead;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.RemoveUser;
import sluice.protocol.v1.RenameHost;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.SetAllowance;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;

/** What can be done to hosts, users and tasks. Fields: name, host, valid, pool, max, none, confirm, user, role, task, rate. */
final class PeopleOperations {
  private PeopleOperations() {}

  private static Field valid() {
    return Field.of("valid", "Valid for", Field.Kind.DURATION, false, "like 15m; 1h if empty");
  }

  private static long validMs(Operation o) {
    return new Checks().duration("valid", o.get("valid")).map(Duration::toMillis).orElse(0L);
  }

  private static Allowance allowance(Operation o) {
    return Allowance.newBuilder().setPoolId(o.get("pool")).setMaxBytes(new Checks().size("max", o.get("max"), false, 1).orElse(0L)).build();
  }

  private static void allowance(Operation o, Checks c, boolean wanted) {
    Optional<Long> max = c.size("max", o.get("max"), wanted, 1);
    if (wanted && o.get("pool").isEmpty()) c.prompt("pool", "Choose the pool.");
    else if (o.get("pool").isEmpty() && max.isPresent()) c.error("pool", "A size was given, but no pool; choose one, or leave the size empty.");
    else if (!o.get("pool").isEmpty() && o.get("max").isBlank() && !wanted) c.error("max", "A pool was given, but no size; type one, or choose no pool.");
  }

  static Operation joinHost(SanView san) {
    return new SimpleOperation(Action.JOIN_HOST, san)
        .asks(o -> List.of(Field.text("name", "Name", true, "a-z, 0-9, '-', '_', '.'"), valid(), Field.maybe("pool", "May allocate in pool", Choices.pools(o.san())),
            Field.of("max", "At most", Field.Kind.SIZE, false, "like 100G")))
        .checks((o, c) -> {
          c.newName("name", o.get("name"), "host", o.san().hosts().stream().anyMatch(h -> h.getName().equals(o.get("name"))));
          c.duration("valid", o.get("valid"));
          allowance(o, c, false);
        })
        .says(o -> "Make a token with which host " + o.get("name") + " joins.")
        .types(o -> new CommandLine("host", "token", o.get("name")).option("--valid", o.get("valid")).option("--pool", o.get("pool").isEmpty() ? "" : o.san().name(o.get("pool"))).option("--max", o.get("max")))
        .calls(o -> {
          MakeToken.Builder make = MakeToken.newBuilder().setHostName(o.get("name")).setValidMs(validMs(o));
          if (!o.get("pool").isEmpty()) make.setAllowance(allowance(o));
          return Call.newBuilder().setMakeToken(make);
        })
        .answers((o, r) -> {
          String token = r.getToken().getToken();
          CommandLine there = new CommandLine("agent").option("--dir", "/var/lib/sluice-agent").option("--server", String.join(",", o.san().controlAddresses())).option("--token", token);
          return new Outcome("Run this on the machine; the token is good once.", List.of(), List.of(), token, there.toString());
        });
  }

  private static Field host(Operation o) {
    return Field.choice("host", "Host", Choices.hosts(o.san(), h -> ""));
  }

  private static String hostName(Operation o) {
    return o.san().name(o.get("host"));
  }

  private static Optional<Host> hostPresent(Operation o, Checks c) {
    Optional<Host> h = o.san().host(o.get("host"));
    if (h.isEmpty()) c.prompt("host", "Choose a host.");
    return h;
  }

  static Operation renameHost(SanView san) {
    return new SimpleOperation(Action.RENAME_HOST, san)
        .asks(o -> List.of(host(o), Field.text("name", "New name", true, "a-z, 0-9, '-', '_', '.'")))
        .checks((o, c) -> {
          hostPresent(o, c);
          c.newName("name", o.get("name"), "host", o.san().hosts().stream().anyMatch(h -> h.getName().equals(o.get("name"))));
        })
        .says(o -> "Rename host " + hostName(o) + " to " + o.get("name") + ".")
        .types(o -> new CommandLine("host", "rename", hostName(o), o.get("name")))
        .calls(o -> Operation.change(Change.newBuilder().setRenameHost(RenameHost.newBuilder().setHostId(o.get("host")).setName(o.get("name")))));
  }

  static Operation allow(SanView san) {
    return new SimpleOperation(Action.ALLOW_HOST, san)
        .asks(o -> List.of(host(o), Field.of("none", "Nothing", Field.Kind.FLAG, false, ""), Field.maybe("pool", "In pool", Choices.pools(o.san())), Field.of("max", "At most", Field.Kind.SIZE, false, "like 100G")))
        .checks((o, c) -> {
          hostPresent(o, c);
          if (!o.flag("none")) allowance(o, c, true);
        })
        .says(o -> o.flag("none") ? "Let host " + hostName(o) + " make no volumes." : "Let host " + hostName(o) + " make volumes of " + o.get("max") + " together in pool " + o.san().name(o.get("pool")) + ".")
        .types(o -> o.flag("none") ? new CommandLine("host", "allow", hostName(o), "--none")
            : new CommandLine("host", "allow", hostName(o)).option("--pool", o.san().name(o.get("pool"))).option("--max", o.get("max")))
        .calls(o -> Operation.change(Change.newBuilder().setSetAllowance(SetAllowance.newBuilder().setHostId(o.get("host"))
            .setAllowance(o.flag("none") ? Allowance.getDefaultInstance() : allowance(o)))));
  }

  static Operation declareDead(SanView san) {
    return new SimpleOperation(Action.DECLARE_DEAD, san)
        .asks(o -> List.of(host(o), Field.of("confirm", "Its name once more", Field.Kind.CONFIRM, true, hostName(o))))
        .checks((o, c) -> hostPresent(o, c).ifPresent(h -> {
          if (Healths.host(o.san(), h) != Health.OFFLINE) c.warning("host", "Host " + h.getName() + " answers. Declare it dead only if it is off and stays off: two hosts that write to one volume destroy it.");
          c.confirmed("confirm", o.get("confirm"), h.getName());
        }))
        .says(o -> "Give your word that host " + hostName(o) + " is off and will not write again; what it held is released.")
        .types(o -> new CommandLine("host", "declare-dead", hostName(o)).option("--confirm", o.get("confirm")))
        .calls(o -> Operation.change(Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(o.get("host")).setConfirmName(o.get("confirm")))));
  }

  static Operation removeHost(SanView san) {
    return new SimpleOperation(Action.REMOVE_HOST, san)
        .asks(o -> List.of(host(o), Field.of("confirm", "Its name once more", Field.Kind.CONFIRM, true, hostName(o))))
        .checks((o, c) -> hostPresent(o, c).ifPresent(h -> {
          List<String> held = o.san().volumesOfHost(h.getId()).stream().map(v -> v.getName()).toList();
          if (!held.isEmpty()) c.error("host", "Host " + h.getName() + " holds " + Words.list(held) + "; detach first, or declare it dead if it is gone.");
          c.confirmed("confirm", o.get("confirm"), h.getName());
        }))
        .says(o -> "Remove host " + hostName(o) + "; its certificate is good for nothing at once.")
        .types(o -> new CommandLine("host", "remove", hostName(o)))
        .calls(o -> Operation.change(Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(o.get("host")))))
        .answers((o, r) -> Outcome.of("Host " + o.get("confirm") + " was removed.", r.getDone().getNotesList(), List.of()));
  }

  private static Field role() {
    return Field.choice("role", "Role", List.of(Operation.choice("viewer", "viewer: sees everything"), Operation.choice("operator", "operator: changes volumes, pools and disks too"),
        Operation.choice("admin", "admin: changes users, hosts and tokens too")));
  }

  private static void role(Operation o, Checks c) {
    if (!List.of("viewer", "operator", "admin").contains(o.get("role"))) c.prompt("role", "Choose a role.");
  }

  private static Call.Builder put(PutUser.Meant meant, String name, String role) {
    return Operation.change(Change.newBuilder().setPutUser(PutUser.newBuilder().setMeant(meant).setUser(User.newBuilder().setName(name).setRole(Role.valueOf(role.toUpperCase(Locale.ROOT))))));
  }

  static Operation addUser(SanView san) {
    return new SimpleOperation(Action.ADD_USER, san).asks(o -> List.of(Field.text("name", "Name", true, "a-z, 0-9, '-', '_', '.'"), role()))
        .checks((o, c) -> {
          c.newName("name", o.get("name"), "user", o.san().user(o.get("name")).isPresent());
          role(o, c);
        })
        .says(o -> "Add user " + o.get("name") + " as " + o.get("role") + ".").types(o -> new CommandLine("user", "add", o.get("name")).option("--role", o.get("role")))
        .calls(o -> put(PutUser.Meant.ADD, o.get("name"), o.get("role")));
  }

  private static Field user(Operation o) {
    return Field.choice("user", "User", Operation.sorted(o.san().users().stream().map(u -> Operation.choice(u.getName(), u.getName())).toList()));
  }

  private static void userPresent(Operation o, Checks c) {
    if (o.san().user(o.get("user")).isEmpty()) c.prompt("user", "Choose a user.");
  }

  static Operation setUser(SanView san) {
    return new SimpleOperation(Action.SET_USER, san).asks(o -> List.of(user(o), role()))
        .checks((o, c) -> {
          userPresent(o, c);
          role(o, c);
        })
        .says(o -> "Make user " + o.get("user") + " " + o.get("role") + ".").types(o -> new CommandLine("user", "set", o.get("user")).option("--role", o.get("role")))
        .calls(o -> put(PutUser.Meant.CHANGE, o.get("user"), o.get("role")));
  }

  static Operation removeUser(SanView san) {
    return new SimpleOperation(Action.REMOVE_USER, san).asks(o -> List.of(user(o), Field.of("confirm", "The name once more", Field.Kind.CONFIRM, true, o.get("user"))))
        .checks((o, c) -> {
          userPresent(o, c);
          if (!o.get("user").isEmpty()) c.confirmed("confirm", o.get("confirm"), o.get("user"));
        })
        .says(o -> "Remove user " + o.get("user") + "; all certificates of that person are good for nothing at once.").types(o -> new CommandLine("user", "remove", o.get("user")))
        .calls(o -> Operation.change(Change.newBuilder().setRemoveUser(RemoveUser.newBuilder().setName(o.get("user")))));
  }

  static Operation userToken(SanView san) {
    return new SimpleOperation(Action.USER_TOKEN, san).asks(o -> List.of(user(o), valid()))
        .checks((o, c) -> {
          userPresent(o, c);
          c.duration("valid", o.get("valid"));
        })
        .says(o -> "Make a token with which " + o.get("user") + " joins from another machine.").types(o -> new CommandLine("user", "token", o.get("user")).option("--valid", o.get("valid")))
        .calls(o -> Call.newBuilder().setMakeToken(MakeToken.newBuilder().setUserName(o.get("user")).setValidMs(validMs(o))))
        .answers((o, r) -> {
          String token = r.getToken().getToken();
          String there = new CommandLine("user", "join").option("--server", String.join(",", o.san().controlAddresses())).option("--token", token).toString();
          return new Outcome("Run this on the other machine; the token is good once.", List.of(), List.of(), token, there);
        });
  }

  static Operation task(Action action, SanView san) {
    ControlTask.Action what = switch (action) {
      case PAUSE_TASK -> ControlTask.Action.PAUSE;
      case RESUME_TASK -> ControlTask.Action.RESUME;
      case CANCEL_TASK -> ControlTask.Action.CANCEL;
      default -> ControlTask.Action.THROTTLE;
    };
    boolean throttle = what == ControlTask.Action.THROTTLE;
    String verb = what.name().toLowerCase(Locale.ROOT);
    return new SimpleOperation(action, san)
        .asks(o -> {
          Field task = Field.choice("task", "Task", Operation.sorted(o.san().tasks().stream().filter(t -> !SanView.ended(t)).map(t -> Operation.choice(t.getId(), Healths.taskName(o.san(), t))).toList()));
          return throttle ? List.of(task, Field.of("rate", "At most", Field.Kind.RATE, true, "like 50MiB/s; 'none': what the pool allows")) : List.of(task);
        })
        .checks((o, c) -> {
          Optional<Task> t = o.san().task(o.get("task"));
          if (t.isEmpty()) c.prompt("task", "Choose a task.");
          else if (SanView.ended(t.get())) c.error("task", "It has ended; what has ended cannot be changed.");
          else if (what == ControlTask.Action.PAUSE && t.get().getState() == Task.State.PAUSED) c.error("task", "It is paused already.");
          else if (what == ControlTask.Action.RESUME && t.get().getState() != Task.State.PAUSED) c.error("task", "It is not paused.");
          if (throttle && o.get("rate").isEmpty()) c.prompt("rate", "Type a rate like 50MiB/s, or 'none'.");
          if (throttle) c.rate("rate", o.get("rate"));
          if (what == ControlTask.Action.CANCEL) c.warning("", "The copy that is being filled stays stale until it is recovered again.");
        })
        .says(o -> Character.toUpperCase(verb.charAt(0)) + verb.substring(1) + " " + o.san().task(o.get("task")).map(t -> Healths.taskName(o.san(), t)).orElse("the task") + (throttle ? " to " + o.get("rate") : "") + ".")
        .types(o -> {
          CommandLine line = new CommandLine("task", verb, o.get("task").substring(0, Math.min(8, o.get("task").length())));
          return throttle ? line.add(o.get("rate")) : line;
        })
        .calls(o -> Operation.change(Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(o.get("task")).setAction(what)
            .setMaxBytesPerSecond(throttle ? new Checks().rate("rate", o.get("rate")).orElse(0L) : 0))));
  }
}
