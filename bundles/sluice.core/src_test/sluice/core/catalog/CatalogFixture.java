package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import sluice.protocol.v1.*;

/** A catalog with a cluster, and the words to drive it. Ids are made of numbers, the time goes on by one a command. */
final class CatalogFixture {
  static final long MIB = 1 << 20;
  static final long GIB = 1 << 30;
  static final Actor ADMIN = Actor.newBuilder().setKind(Actor.Kind.USER).setName("admin").setAddress("10.0.0.1:5").build();

  final Catalog catalog;
  Actor actor = ADMIN;
  long now = 1_000;
  private long requests;
  CatalogOutcome last;

  CatalogFixture() {
    this(new Catalog());
    applied(Change.newBuilder().setInitCluster(InitCluster.newBuilder()
        .setCluster(Cluster.newBuilder().setId(id(1)).setName("c1"))
        .setAdministrator(User.newBuilder().setName("admin").setRole(Role.ADMIN).addCertificateSha256(fingerprint(1)))));
  }

  CatalogFixture(Catalog catalog) {
    this.catalog = catalog;
  }

  static String id(int n) {
    return String.format("00000000-0000-4000-8000-%012d", n);
  }

  static String fingerprint(int n) {
    return String.format("%064x", n);
  }

  static ByteString secret(int n) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) n;
    return ByteString.copyFrom(bytes);
  }

  static Actor host(int n) {
    return Actor.newBuilder().setKind(Actor.Kind.HOST).setName(id(n)).build();
  }

  CatalogView view() {
    return catalog.view();
  }

  CommandResult submit(String requestId, Change change) {
    last = catalog.apply(Command.newBuilder().setRequestId(requestId).setActor(actor).setTimeMs(++now).setChange(change).build(),
        catalog.revision() + 1);
    return last.result();
  }

  CommandResult submit(Change.Builder change) {
    return submit("r" + ++requests, change.build());
  }

  List<String> applied(Change.Builder change) {
    CommandResult result = submit(change);
    assertTrue(result.hasApplied(), () -> result.getProblem().toString());
    return result.getApplied().getObjectsList();
  }

  Problem refused(Problem.Code code, Change.Builder change) {
    CatalogState before = objects();
    CommandResult result = submit(change);
    assertTrue(result.hasProblem(), "should have been refused: " + change);
    assertEquals(code, result.getProblem().getCode(), result.getProblem()::toString);
    assertEquals(before, objects(), "a refusal changes nothing");
    assertEquals(0, last.delta().getChangesCount());
    assertTrue(last.delta().getAudit(0).getRefused());
    return result.getProblem();
  }

  /** The state without what every command adds to. */
  CatalogState objects() {
    return catalog.save().toBuilder().clearRevision().clearAudit().clearResults().build();
  }

  // ---- things that most tests need

  void host(int n, String name) {
    applied(createToken(n + 5_000, name));
    applied(Change.newBuilder().setJoinHost(JoinHost.newBuilder().setTokenId(id(n + 5_000)).setSecretSha256(secret(n)).setHostId(id(n))
        .setCertificateSha256(fingerprint(n))));
  }

  Change.Builder createToken(int n, String hostName) {
    return Change.newBuilder().setCreateToken(CreateToken.newBuilder().setToken(JoinToken.newBuilder().setId(id(n))
        .setSecretSha256(secret(n - 5_000)).setExpiresMs(now + 10_000).setHostName(hostName)));
  }

  static Change.Builder addDisk(int n, String name, long bytes) {
    return addDisk(n, name, bytes, "");
  }

  static Change.Builder addDisk(int n, String name, long bytes, String domain) {
    return Change.newBuilder().setAddDisk(AddDisk.newBuilder().setDisk(Disk.newBuilder().setId(id(n)).setName(name).addUris("file:/d/" + name)
        .setCapacityBytes(bytes + 2 * MIB).setDataStartBytes(MIB).setDataEndBytes(bytes + MIB).setDomain(domain)));
  }

  static Change.Builder createPool(int n, String name, int... disks) {
    CreatePool.Builder create = CreatePool.newBuilder().setPoolId(id(n)).setName(name);
    for (int disk : disks) create.addDiskIds(id(disk));
    return Change.newBuilder().setCreatePool(create);
  }

  /** Pool 20 "gold" of the disks 10 "d10", 11, … with so many bytes for data each. */
  void pool(long... diskBytes) {
    int[] ids = new int[diskBytes.length];
    for (int i = 0; i < diskBytes.length; i++) {
      ids[i] = 10 + i;
      applied(addDisk(10 + i, "d" + (10 + i), diskBytes[i]));
    }
    applied(createPool(20, "gold", ids));
  }

  static Change.Builder createVolume(int n, String name, long bytes) {
    return createVolume(n, name, bytes, 0);
  }

  static Change.Builder createVolume(int n, String name, long bytes, int stripes) {
    return Change.newBuilder().setCreateVolume(
        CreateVolume.newBuilder().setVolumeId(id(n)).setName(name).setPoolId(id(20)).setSizeBytes(bytes).setStripes(stripes));
  }

  static Change.Builder resize(int n, long bytes) {
    return Change.newBuilder().setResizeVolume(ResizeVolume.newBuilder().setVolumeId(id(n)).setSizeBytes(bytes));
  }

  static Change.Builder delete(int n) {
    return Change.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setVolumeId(id(n)));
  }

  static Change.Builder share(int n, boolean shared) {
    return Change.newBuilder().setSetVolumeShared(SetVolumeShared.newBuilder().setVolumeId(id(n)).setShared(shared));
  }

  static Change.Builder grant(int volume, int host, Access access) {
    return Change.newBuilder().setPutGrant(
        PutGrant.newBuilder().setVolumeId(id(volume)).setGrant(Grant.newBuilder().setHostId(id(host)).setAccess(access)));
  }

  static Change.Builder attach(int volume, int host, Access access) {
    return Change.newBuilder().setAttachVolume(AttachVolume.newBuilder().setVolumeId(id(volume)).setHostId(id(host)).setAccess(access));
  }

  static Change.Builder detach(int volume, int host) {
    return Change.newBuilder().setDetachVolume(DetachVolume.newBuilder().setVolumeId(id(volume)).setHostId(id(host)));
  }

  static Change.Builder release(int volume, int host) {
    return Change.newBuilder().setReleaseVolume(ReleaseVolume.newBuilder().setVolumeId(id(volume)).setHostId(id(host)));
  }

  Volume volume(int n) {
    return view().volume(id(n)).orElseThrow();
  }
}
