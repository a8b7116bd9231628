package sluice.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.ProgressLine;
import sluice.cli.output.Table;
import sluice.client.Profiles;
import sluice.net.HostPort;
import sluice.net.JoinClient;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.KeyRequest;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.RemoveUser;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.TokenMade;
import sluice.protocol.v1.User;

/** The noun {@code user}. */
@Command(
    name = "user",
    description = "Users: administrators, by their roles.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      UserCommands.Add.class, UserCommands.ListAll.class, UserCommands.Remove.class, UserCommands.Set.class,
      UserCommands.Token.class, UserCommands.Join.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice user add eva --role operator && sluice user token eva", "  sluice user list"})
final class UserCommands {
  /** Roles as they are typed; each includes those before it. */
  enum RoleName {
    viewer(Role.VIEWER),
    operator(Role.OPERATOR),
    admin(Role.ADMIN);

    private final Role role;

    RoleName(Role role) {
      this.role = role;
    }
  }

  @Command(name = "add", description = "Add a user. A token then lets that person join from a machine.", footerHeading = "%nExamples:%n",
      footer = {"  sluice user add eva --role operator", "  sluice user add kim --role viewer"})
  static final class Add extends RemoteCommand {
    @Parameters(paramLabel = "NAME", description = "The new user's name.")
    String name;

    @Option(names = "--role", required = true, paramLabel = "ROLE",
        description = "${COMPLETION-CANDIDATES}: sees everything; changes volumes, pools and disks as well; changes users and hosts as well.")
    RoleName role;

    @Override
    protected int run(ClusterSession session) {
      return put(this, session, PutUser.Meant.ADD, name, role, "user " + name + " added as " + role + "; 'sluice user token " + name + "' lets that person join");
    }
  }

  @Command(name = "set", description = "Change a user's role.", footerHeading = "%nExamples:%n", footer = "  sluice user set eva --role admin")
  static final class Set extends RemoteCommand {
    @Parameters(paramLabel = "NAME", description = "The user's name.")
    String name;

    @Option(names = "--role", required = true, paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES}.")
    RoleName role;

    @Override
    protected int run(ClusterSession session) {
      new Names(session.picture()).user(name);
      return put(this, session, PutUser.Meant.CHANGE, name, role, "user " + name + " is " + role + " now");
    }
  }

  private static int put(RemoteCommand command, ClusterSession session, PutUser.Meant meant, String name, RoleName role, String sentence) {
    User user = User.newBuilder().setName(name).setRole(role.role).build();
    return command.change(session, Change.newBuilder().setPutUser(PutUser.newBuilder().setMeant(meant).setUser(user)), sentence);
  }

  @Command(name = "list", description = "List users.", footerHeading = "%nExamples:%n", footer = {"  sluice user list", "  sluice user list -o json"})
  static final class ListAll extends RemoteCommand {
    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      show(() -> MessageJson.of(p.getUsersList()), () -> {
        Table table = new Table().text("NAME", "ROLE").number("MACHINES").text("CREATED");
        for (User u : p.getUsersList()) {
          table.row(u.getName(), u.getRole().name().toLowerCase(Locale.ROOT), u.getCertificateSha256Count(), Moments.at(u.getCreatedMs()));
        }
        table.print(context().out(), "You may see no users.");
      });
      return 0;
    }
  }

  @Command(name = "remove", description = "Remove a user; all of that person's certificates are good for nothing at once.", footerHeading = "%nExamples:%n",
      footer = "  sluice user remove eva")
  static final class Remove extends RemoteCommand {
    @Parameters(paramLabel = "NAME", description = "The user's name.")
    String name;

    @Override
    protected int run(ClusterSession session) {
      new Names(session.picture()).user(name);
      return change(session, Change.newBuilder().setRemoveUser(RemoveUser.newBuilder().setName(name)), "user " + name + " removed");
    }
  }

  @Command(name = "token", description = "Make a one-time token with which a user joins from a machine.", footerHeading = "%nExamples:%n",
      footer = {"  sluice user token eva", "  sluice user token eva --valid 15m -q      the token alone, for scripts"})
  static final class Token extends RemoteCommand {
    @Parameters(paramLabel = "NAME", description = "The user's name.")
    String name;

    @Option(names = "--valid", paramLabel = "TIME", defaultValue = "1h", description = "How long the token is good. Default: ${DEFAULT-VALUE}.")
    Duration valid;

    @Option(names = {"-q", "--quiet"}, description = "Print the token and nothing else.")
    boolean quiet;

    @Override
    protected int run(ClusterSession session) {
      new Names(session.picture()).user(name);
      TokenMade token = ask(session, "making a token", Call.newBuilder()
          .setMakeToken(MakeToken.newBuilder().setUserName(name).setValidMs(valid.toMillis()))).getToken();
      show(() -> MessageJson.of(token), () -> {
        if (!quiet) say("Token for user " + name + ", good once and until " + Moments.at(token.getExpiresMs()) + ":");
        say(token.getToken());
        if (!quiet) say("On the other machine, with the token in a file that only that user can read: sluice user join --server HOST:PORT --token-file FILE");
      });
      return 0;
    }
  }

  @Command(name = "join", description = "Become a user on this machine, with a token. The key is made here and stays here.", footerHeading = "%nExamples:%n",
      footer = {"  sluice user join --server 10.0.0.1:7440 --token-file token", "  sluice user join --server 10.0.0.1:7440 --token-file token --as lab"})
  static final class Join extends CliCommand {
    @Option(names = "--server", required = true, paramLabel = "HOST:PORT", split = ",", description = "The server's addresses, one for each network.")
    List<HostPort> servers;

    @Option(names = "--token", paramLabel = "TOKEN", description = "What 'sluice user token' printed.")
    String token;

    @Option(names = "--token-file", paramLabel = "FILE",
        description = "A file that holds the token: unlike --token, it is not seen in the list of processes.")
    String tokenFile;

    @Option(names = "--as", paramLabel = "NAME", description = "What to call the cluster here. Default: its own name.")
    String as;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10s", description = "How long to look for a server that answers. Default: ${DEFAULT-VALUE}.")
    Duration timeout;

    @Override
    public Integer call() {
      String given = TokenOption.read(token, tokenFile);
      if (given == null) {
        throw ProgramCommand.invalid(tokenFile == null ? "there is no token" : "there is no file '" + tokenFile + "'",
            "give the file that holds what 'sluice user token NAME' printed with --token-file");
      }
      JoinTokenText text = JoinTokenText.parse(given);
      Profiles profiles = new Profiles(context().configFolder());
      // Before the token is used: it is good once.
      profiles.requireRoom(as);
      KeyRequest key = KeyRequest.create();
      Joined joined;
      try (ProgressLine line = new ProgressLine(context().err(), context().terminal(), "joining")) {
        joined = JoinClient.join(servers, text, sluice.protocol.v1.Join.As.USER, key, timeout);
      }
      String name = as == null ? profiles.freeName(joined.getClusterName()) : as;
      profiles.create(name, key.identity(joined), joined.getClusterName(), servers);
      say("you are " + joined.getName() + " of cluster " + joined.getClusterName() + ", known here as " + name);
      return 0;
    }
  }
}
