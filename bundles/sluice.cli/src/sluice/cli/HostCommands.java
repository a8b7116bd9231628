package sluice.cli;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.protocol.v1.Allowance;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeclareHostDead;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RemoveHost;
import sluice.protocol.v1.RenameHost;
import sluice.protocol.v1.SetAllowance;
import sluice.protocol.v1.TokenMade;

/** The noun {@code host}. */
@Command(
    name = "host",
    description = "Hosts: machines that use volumes.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      HostCommands.Token.class, HostQueries.ListAll.class, HostQueries.Show.class, HostCommands.Remove.class,
      HostCommands.Rename.class, HostCommands.DeclareDead.class, HostCommands.Allow.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice host token h1            then, on the machine: sluice agent --dir DIR --server HOST:PORT --token-file FILE", "  sluice host list"})
final class HostCommands {
  @Command(name = "token", description = "Make a one-time token with which a machine joins as a new host.", footerHeading = "%nExamples:%n",
      footer = {
        "  sluice host token h1",
        "  sluice host token h1 --valid 15m --pool gold --max 100G      it may make volumes itself",
        "  sluice host token h1 -q                                      the token alone, for scripts"
      })
  static final class Token extends RemoteCommand {
    @Parameters(paramLabel = "NAME", description = "The new host's name.")
    String name;

    @Option(names = "--valid", paramLabel = "TIME", defaultValue = "1h", description = "How long the token is good. Default: ${DEFAULT-VALUE}.")
    Duration valid;

    @Option(names = "--pool", paramLabel = "POOL", description = "The host may make volumes of its own in this pool; with --max.")
    String pool;

    @Option(names = "--max", paramLabel = "SIZE", description = "How much they may have together.")
    ByteSize max;

    @Option(names = {"-q", "--quiet"}, description = "Print the token and nothing else.")
    boolean quiet;

    @Override
    protected int run(ClusterSession session) {
      MakeToken.Builder make = MakeToken.newBuilder().setHostName(name).setValidMs(valid.toMillis());
      if (pool != null || max != null) make.setAllowance(allowance(session, pool, max));
      TokenMade token = ask(session, "making a token", Call.newBuilder().setMakeToken(make)).getToken();
      show(() -> MessageJson.of(token), () -> {
        if (!quiet) say("Token for host " + name + ", good once and until " + Moments.at(token.getExpiresMs()) + ":");
        say(token.getToken());
        if (!quiet) say("On the machine, with the token in a file that only you can read: sluice agent --dir DIR --server HOST:PORT --token-file FILE");
      });
      return 0;
    }
  }

  @Command(name = "remove", description = "Remove a host that holds no volume. Its certificate is good for nothing at once.",
      footerHeading = "%nExamples:%n", footer = {"  sluice host remove h1"})
  static final class Remove extends RemoteCommand {
    @Parameters(paramLabel = "HOST", description = "Its name or id.")
    String host;

    @Override
    protected int run(ClusterSession session) {
      Host h = new Names(session.picture()).host(host);
      return change(session, Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(h.getId())),
          "host " + h.getName() + " removed; its connections are closed");
    }
  }

  @Command(name = "rename", description = "Give a host another name.", footerHeading = "%nExamples:%n", footer = {"  sluice host rename h1 web1"})
  static final class Rename extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "HOST", description = "Its name or id.")
    String host;

    @Parameters(index = "1", paramLabel = "NAME", description = "The new name.")
    String name;

    @Override
    protected int run(ClusterSession session) {
      Host h = new Names(session.picture()).host(host);
      return change(session, Change.newBuilder().setRenameHost(RenameHost.newBuilder().setHostId(h.getId()).setName(name)),
          "host " + h.getName() + " is now " + name);
    }
  }

  @Command(name = "declare-dead", description = {
        "Give your word that a host is off and will not write again, so that others may have what it held.",
        "If it is not true, two hosts may write to one volume and destroy it."
      }, footerHeading = "%nExamples:%n", footer = {"  sluice host declare-dead h1 --confirm h1"})
  static final class DeclareDead extends RemoteCommand {
    @Parameters(paramLabel = "HOST", description = "Its name or id.")
    String host;

    @Option(names = "--confirm", required = true, paramLabel = "NAME", description = "The host's name once more.")
    String confirm;

    @Override
    protected int run(ClusterSession session) {
      Host h = new Names(session.picture()).host(host);
      if (!confirm.equals(h.getName())) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "host " + h.getName() + " was not declared dead",
            "--confirm says '" + confirm + "'", "write --confirm " + h.getName() + " if you are certain that it is off", h.getName());
      }
      return change(session, Change.newBuilder().setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(h.getId()).setConfirmName(confirm)),
          "host " + h.getName() + " declared dead; what it held is free");
    }
  }

  @Command(name = "allow", description = "Say how much space a host may take for volumes of its own.", footerHeading = "%nExamples:%n",
      footer = {"  sluice host allow h1 --pool gold --max 100G", "  sluice host allow h1 --none"})
  static final class Allow extends RemoteCommand {
    @Parameters(paramLabel = "HOST", description = "Its name or id.")
    String host;

    @Option(names = "--pool", paramLabel = "POOL", description = "In which pool.")
    String pool;

    @Option(names = "--max", paramLabel = "SIZE", description = "How much its volumes may have together.")
    ByteSize max;

    @Option(names = "--none", description = "Nothing any more; volumes that it has made stay.")
    boolean none;

    @Override
    protected int run(ClusterSession session) {
      Host h = new Names(session.picture()).host(host);
      Allowance allowance = none && pool == null && max == null ? Allowance.getDefaultInstance() : allowance(session, none ? null : pool, max);
      return change(session, Change.newBuilder().setSetAllowance(SetAllowance.newBuilder().setHostId(h.getId()).setAllowance(allowance)),
          none ? "host " + h.getName() + " may make no volumes" : "host " + h.getName() + " may make volumes of " + max + " together in pool " + pool);
    }
  }

  private static Allowance allowance(ClusterSession session, String pool, ByteSize max) {
    if (pool == null || max == null) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "the allowance is not complete", "it takes a pool and a size",
          "write --pool POOL --max SIZE, or --none with 'host allow' alone");
    }
    Pool p = new Names(session.picture()).pool(pool);
    return Allowance.newBuilder().setPoolId(p.getId()).setMaxBytes(max.bytes()).build();
  }
}
