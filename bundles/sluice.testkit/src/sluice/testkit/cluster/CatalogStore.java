package sluice.testkit.cluster;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import sluice.core.catalog.Catalog;
import sluice.core.catalog.CatalogOutcome;
import sluice.core.catalog.CatalogView;
import sluice.io.label.DiskLabel;
import sluice.protocol.v1.*;
import sluice.testkit.world.World;

/** The catalog as it is durable: what was applied survives every crash (invariant 7). */
public final class CatalogStore {
  private static final Actor SERVER = Actor.newBuilder().setKind(Actor.Kind.SERVER).setName("server").build();
  private static final Actor ADMIN = Actor.newBuilder().setKind(Actor.Kind.USER).setName("admin").build();

  private final World world;
  private final Catalog catalog = new Catalog();
  private final List<Consumer<CatalogDelta>> followers = new ArrayList<>();
  private long requests;

  public CatalogStore(World world) {
    this.world = world;
  }

  public CatalogView view() {
    return catalog.view();
  }

  /** Told of each change at the moment that it is durable. */
  public void follow(Consumer<CatalogDelta> follower) {
    followers.add(follower);
  }

  /** Milliseconds since 1970 of the catalog's clock. */
  public long nowMs() {
    return 1_800_000_000_000L + world.now() / 1_000_000;
  }

  /** What the server itself changes. */
  public CatalogOutcome apply(String requestId, Change change) {
    return apply(SERVER, requestId, change);
  }

  private CatalogOutcome apply(Actor actor, String requestId, Change change) {
    CatalogOutcome outcome = catalog.apply(Command.newBuilder().setRequestId(requestId).setActor(actor).setTimeMs(nowMs()).setChange(change)
        .build(), catalog.revision() + 1);
    world.trace(() -> "catalog: " + change.getBodyCase() + " " + (outcome.result().hasProblem()
        ? "REFUSED " + outcome.result().getProblem().getWhat() + ": " + outcome.result().getProblem().getWhy() : "") + brief(change));
    for (Consumer<CatalogDelta> f : followers) f.accept(outcome.delta());
    return outcome;
  }

  private static String brief(Change change) {
    return change.toString().replaceAll("\\s+", " ").replaceAll("00000000-0000-4000-[89]000-0*", "#");
  }

  public String nextRequest() {
    return "r" + ++requests;
  }

  // ---- the beginning

  private void must(Change.Builder change) {
    CommandResult r = apply(ADMIN, nextRequest(), change.build()).result();
    if (r.hasProblem()) throw new IllegalStateException("setting up: " + r.getProblem());
  }

  /** Cluster, hosts, disks, pool, volumes, grants and attachments as drawn. */
  void setUp(Draw draw, List<DiskLabel> labels, RecoverySettings recovery) {
    must(Change.newBuilder().setInitCluster(InitCluster.newBuilder().setCluster(Cluster.newBuilder().setId(Ids.CLUSTER).setName("sim"))
        .setAdministrator(User.newBuilder().setName("admin").setRole(Role.ADMIN).addCertificateSha256(fingerprint(1)))));
    for (int h = 0; h < draw.hosts(); h++) host(h);
    CreatePool.Builder pool = CreatePool.newBuilder().setPoolId(Ids.POOL).setName("pool");
    for (DiskLabel label : labels) {
      must(Change.newBuilder().setAddDisk(AddDisk.newBuilder().setDisk(Disk.newBuilder().setId(label.diskId()).setName(label.name())
          .addUris("file:/" + label.name()).setCapacityBytes(label.capacity()).setDataStartBytes(label.layout().dataStart())
          .setDataEndBytes(label.layout().dataEnd()))));
      pool.addDiskIds(label.diskId());
    }
    must(Change.newBuilder().setCreatePool(pool));
    must(Change.newBuilder().setSetPoolRecovery(SetPoolRecovery.newBuilder().setPoolId(Ids.POOL).setRecovery(recovery)));
    for (int v = 0; v < draw.volumes().size(); v++) volume(v, draw.volumes().get(v));
  }

  private void host(int h) {
    ByteString secret = ByteString.copyFrom(new byte[32]);
    must(Change.newBuilder().setCreateToken(CreateToken.newBuilder().setToken(JoinToken.newBuilder().setId(Ids.token(h))
        .setSecretSha256(secret).setExpiresMs(nowMs() + 10_000_000).setHostName("h" + h))));
    must(Change.newBuilder().setJoinHost(JoinHost.newBuilder().setTokenId(Ids.token(h)).setSecretSha256(secret).setHostId(Ids.host(h))
        .setCertificateSha256(fingerprint(10 + h))));
  }

  private void volume(int v, Draw.Vol vol) {
    String id = Ids.volume(v);
    must(Change.newBuilder().setCreateVolume(CreateVolume.newBuilder().setVolumeId(id).setName("v" + v).setPoolId(Ids.POOL)
        .setSizeBytes(vol.bytes()).setStripes(vol.stripes()).setLegs(vol.legs())));
    if (vol.shared()) must(Change.newBuilder().setSetVolumeShared(SetVolumeShared.newBuilder().setVolumeId(id).setShared(true)));
    for (int h : vol.hosts()) {
      must(Change.newBuilder().setPutGrant(PutGrant.newBuilder().setVolumeId(id)
          .setGrant(Grant.newBuilder().setHostId(Ids.host(h)).setAccess(Access.READ_WRITE))));
      must(Change.newBuilder().setAttachVolume(AttachVolume.newBuilder().setVolumeId(id).setHostId(Ids.host(h)).setAccess(Access.READ_WRITE)));
    }
  }

  private static String fingerprint(int n) {
    return String.format("%064x", n);
  }
}
