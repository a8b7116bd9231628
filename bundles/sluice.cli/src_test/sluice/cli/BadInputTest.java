package sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Reply;

/** Whatever is typed wrongly gets what, why and what to do, the right exit code, and changes nothing. */
class BadInputTest {
  private final FakeCluster cluster = new FakeCluster();

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(2, "unmatched argument at index 1: 'crate'", "did you mean 'create'", "volume crate"),
        Arguments.of(2, "missing required option: '--pool=POOL'", "see 'sluice volume create --help'", "volume create v1 --size 1G"),
        Arguments.of(2, "'sluice volume' needs a verb", "the verbs are create, list, show, attach", "volume"),
        Arguments.of(2, "unmatched argument at index 0: 'volum'", "did you mean 'volume'?", "volum"),
        Arguments.of(2, "unknown option: '-x'", "see 'sluice volume create --help'", "volume create -x"),
        Arguments.of(2, "--limit -1 is not", "from 1 on", "event list --limit -1"),
        Arguments.of(2, "unknown option: '--stripse=2'", "did you mean '--stripes'", "volume create v1 --size 1G --pool gold --stripse=2"),
        Arguments.of(2, "'12x' is not a size", "512MiB, 10G or 1.5T", "volume create v1 --size 12x --pool gold"),
        Arguments.of(2, "'1.3' is not a size", "512MiB", "volume create v1 --size 1.3 --pool gold"),
        Arguments.of(2, "the size is 0", "10G", "volume create v1 --size 0 --pool gold"),
        Arguments.of(2, "--stripes 0 is not", "number of disks", "volume create v1 --size 1G --pool gold --stripes 0"),
        Arguments.of(2, "invalid value for option '--stripes'", "--help", "volume create v1 --size 1G --pool gold --stripes two"),
        Arguments.of(3, "there is no pool 'glod'", "did you mean 'gold'?", "volume create v1 --size 1G --pool glod"),
        Arguments.of(3, "there is no volume 'v3'", "did you mean 'v1' or 'v2'?", "volume delete v3"),
        Arguments.of(3, "there is no host 'zz'", "'sluice host list' shows all", "volume attach v1 zz"),
        Arguments.of(3, "there is no disk 'e1'", "did you mean 'd1'?", "pool create p e1"),
        Arguments.of(3, "there is no user 'admim'", "did you mean 'admin'?", "user remove admim"),
        Arguments.of(2, "no host is named", "--identity", "volume attach v1"),
        Arguments.of(2, "'disk1' is not a disk URI", "file:/srv/disk1.img", "disk add disk1"),
        Arguments.of(2, "'ftp://x/y' is not a disk URI", "name it like", "disk add ftp://x/y"),
        Arguments.of(2, "one name was given for 2 disks", "one by one", "disk add /a /b --name d9"),
        Arguments.of(2, "nothing to change", "--name, --domain, --uri, --spare or --closed", "disk set d1"),
        Arguments.of(2, "'soon' is not a time", "500ms, 10s", "host token h3 --valid soon"),
        Arguments.of(2, "the allowance is not complete", "--pool POOL --max SIZE", "host token h3 --max 1G"),
        Arguments.of(2, "host h1 was not declared dead", "--confirm h1", "host declare-dead h1 --confirm h2"),
        Arguments.of(2, "invalid value for option '--role'", "--help", "user add x --role king"),
        Arguments.of(2, "invalid value for option '--output'", "--help", "status -o xml"),
        Arguments.of(2, "--dir is missing", "--dir /var/lib/sluice-server", "server --listen 127.0.0.1:7440"),
        Arguments.of(2, "--listen is missing", "--listen 10.0.0.1:7440", "server --dir target/x"),
        Arguments.of(2, "'7440' is not an address", "HOST:PORT", "server --dir target/x --listen 7440"),
        Arguments.of(2, "'a:0' is not an address", "HOST:PORT", "server --dir target/x --listen a:0"),
        Arguments.of(2, "would have port 65536", "--nbd-port-offset", "server --dir target/x --listen a:65535"),
        Arguments.of(2, "--nbd-port-offset is 0", "another number", "server --dir target/x --listen a:1 --nbd-port-offset 0"),
        Arguments.of(2, "--advertise and --listen differ", "one address", "server --dir target/x --listen a:1 --advertise b:1,c:1"),
        Arguments.of(2, "'A b' is not a cluster's name", "1 to 64", "server --dir target/x --listen a:1 --name A_b"),
        Arguments.of(2, "'xml' is not a log format", "text or json", "server --dir target/x --listen a:1 --log-format xml"),
        Arguments.of(2, "--server is missing", "--server 10.0.0.1:7440", "agent --dir target/x"),
        Arguments.of(2, "--loops '0' is not a whole number from 1 to 256", "see", "agent --dir target/x --server a:1 --loops 0"),
        Arguments.of(2, "'nbd://' is not a disk URI", "name it like", "agent --dir target/x --server a:1 --disk nbd://"),
        Arguments.of(3, "the configuration file target/none.conf cannot be read", "--config", "server --config target/none.conf"),
        Arguments.of(9, "no program answers at", "start the program", "health --dir target/none"),
        Arguments.of(2, "there is no row 'direct-red-32'", "did you mean 'direct-read-32'", "bench --rows direct-red-32"),
        Arguments.of(2, "the join token is not valid", "", "user join --server a:1 --token nonsense"),
        Arguments.of(2, "there is no token", "--token-file", "user join --server a:1"),
        Arguments.of(2, "there is no file 'target/none'", "'sluice user token NAME'", "user join --server a:1 --token-file target/none"),
        Arguments.of(2, "both a token and a file", "leave one", "user join --server a:1 --token-file target/none --token t"));
  }

  @ParameterizedTest(name = "sluice {3}")
  @MethodSource("wrong")
  void wrongInputIsAnsweredWithACorrection(int code, String what, String correction, String line) {
    int got = cluster.run(line.replace("A_b", "A@b").split(" "));
    String err = cluster.err();
    assertTrue(err.startsWith("sluice: "), err);
    assertTrue(err.contains(what.replace("A b", "A@b")), err);
    assertTrue(correction.equals("see") || err.contains(correction), err);
    assertEquals(code, got, err);
    assertFalse(err.contains("\tat "), "a stack trace reached a person");
    assertEquals("", cluster.out());
    assertTrue(cluster.calls.isEmpty(), "something was asked although the command is wrong");
  }

  @Test
  void aPoolThatIsFullIsAnsweredWithEveryDisk() {
    cluster.answer = call -> Reply.newBuilder().setProblem(Problem.newBuilder().setCode(Problem.Code.NO_SPACE).setWhat("volume v9 cannot be placed")
        .setWhy("pool gold has 18 GiB free").setCorrection("add disks")
        .addCandidates(sluice.protocol.v1.Candidate.newBuilder().setDiskName("d1").setReason("9 GiB free of 40 GiB needed"))).build();
    assertEquals(6, cluster.run("volume", "create", "v9", "--size", "40G", "--pool", "gold"));
    assertEquals("sluice: volume v9 cannot be placed: pool gold has 18 GiB free\n  disk d1: 9 GiB free of 40 GiB needed\n  add disks\n", cluster.err());
  }

  @Test
  void withJsonAnErrorIsAnObject() {
    assertEquals(3, cluster.run("volume", "show", "v3", "-o", "json"));
    assertTrue(cluster.err().startsWith("{\n  \"error\": {\n    \"code\": \"NOT_FOUND\""), cluster.err());
  }

  @Test
  void aTypoInAConfigurationFileIsNamedWithItsLine(@TempDir Path temp) throws IOException {
    Path file = Files.writeString(temp.resolve("agent.conf"), "dir = /srv/a\nservr = 10.0.0.1:7440\n");
    assertEquals(2, cluster.run("agent", "--config", file.toString()));
    assertTrue(cluster.err().contains("line 2") && cluster.err().contains("did you mean 'server'?"), cluster.err());
  }

  @Test
  void aValueInAConfigurationFileThatIsWrongIsNamedWithItsLine(@TempDir Path temp) throws IOException {
    Path file = Files.writeString(temp.resolve("agent.conf"), "dir = /srv/a\nserver = 10.0.0.1:7440\nio-timeout = soon\n");
    assertEquals(2, cluster.run("agent", "--config", file.toString()));
    assertTrue(cluster.err().contains("line 3 of the configuration file " + file) && cluster.err().contains("'soon' is not a time"), cluster.err());
  }

  @Test
  void aFaultOfSluiceItselfIsNoStackTraceButCanBeHadInAFile(@TempDir Path temp) throws IOException {
    cluster.answer = call -> {
      throw new IllegalStateException("oops");
    };
    Path file = temp.resolve("trace");
    assertEquals(1, cluster.run("volume", "delete", "v2", "--debug", file.toString()));
    assertTrue(cluster.err().contains("oops") && cluster.err().contains(file.toString()), cluster.err());
    assertFalse(cluster.err().contains("\tat "));
    assertTrue(Files.readString(file).contains("\tat "));
  }
}
