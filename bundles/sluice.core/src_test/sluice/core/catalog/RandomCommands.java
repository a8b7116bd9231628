package sluice.core.catalog;

import static sluice.core.catalog.CatalogFixture.*;

import java.util.Random;
import sluice.protocol.v1.*;

/** Commands of one seed: mostly sensible, about few objects, so that they meet; wrong ones among them. */
final class RandomCommands {
  private static final String[] NAMES = {"a", "b", "c", "d", "e", "-bad"};
  private static final int START = 17;
  private final Random random;
  private final RandomLegCommands legs;
  private final RandomMoves moves;
  private final RandomSnapshotCommands snapshots;
  private long now = 1_000;
  private int number;
  /** Of the last exported or present pool, to import it again. */
  private PoolMetadata metadata = PoolMetadata.getDefaultInstance();

  RandomCommands(long seed) {
    random = new Random(seed);
    legs = new RandomLegCommands(random);
    moves = new RandomMoves(random);
    snapshots = new RandomSnapshotCommands(random);
  }

  Command next(CatalogView view) {
    now += random.nextInt(5);
    boolean repeat = number > 0 && random.nextInt(30) == 0;
    int request = repeat ? 1 + random.nextInt(number) : ++number;
    Change.Builder change = !repeat && number <= START ? start(number) : change(view);
    boolean byHost = number > START && change.getBodyCase().getNumber() >= 40 && random.nextInt(3) == 0;
    boolean byServer = (RandomLegCommands.isServers(change) || RandomSnapshotCommands.isServers(change)) && random.nextInt(10) > 0;
    Actor actor = byServer ? Actor.newBuilder().setKind(Actor.Kind.SERVER).build() : byHost ? CatalogFixture.host(hostNumber()) : ADMIN;
    return Command.newBuilder().setRequestId("r" + request).setActor(actor).setTimeMs(now).setChange(change).build();
  }

  /** Enough that the rest finds something to work with. */
  private Change.Builder start(int n) {
    Change.Builder c = Change.newBuilder();
    if (n == 1) {
      return c.setInitCluster(InitCluster.newBuilder().setCluster(Cluster.newBuilder().setId(id(1)).setName("c1"))
          .setAdministrator(User.newBuilder().setName("admin").setRole(Role.ADMIN).addCertificateSha256(fingerprint(1))));
    }
    if (n < 10) return addDisk(8 + n, "d" + n, (20 + random.nextInt(60)) * MIB, n % 2 == 0 ? "even" : "");
    if (n == 10) return createPool(20, "a", 10, 11, 12, 13);
    if (n == 11) return createPool(21, "b", 14, 15, 16);
    int host = (n - 12) / 2;
    if (n % 2 == 0) {
      return c.setCreateToken(CreateToken.newBuilder().setToken(JoinToken.newBuilder().setId(id(50 + host)).setSecretSha256(secret(host))
          .setExpiresMs(now + 100).setHostName("h" + host).setAllowance(Allowance.newBuilder().setPoolId(pool()).setMaxBytes(60 * MIB))));
    }
    return c.setJoinHost(JoinHost.newBuilder().setTokenId(id(50 + host)).setSecretSha256(secret(host)).setHostId(id(40 + host))
        .setCertificateSha256(fingerprint(40 + host)));
  }

  private Change.Builder change(CatalogView view) {
    Volume restoring = view.volumes().stream().filter(v -> v.getRestoringNumber() != 0).findFirst().orElse(null);
    if (restoring != null && random.nextInt(8) == 0) return snapshots.change(view, restoring);
    if (!view.volumes().isEmpty() && random.nextInt(20) == 0) {
      return snapshots.change(view, view.volumes().get(random.nextInt(view.volumes().size())));
    }
    if (!view.volumes().isEmpty() && random.nextInt(3) == 0) {
      Volume volume = view.volumes().get(random.nextInt(view.volumes().size()));
      if (volume.getLayout().getLegsCount() > 0 || random.nextInt(10) == 0) return legs.change(view, volume);
    }
    if (!view.volumes().isEmpty() && random.nextInt(3) == 0) return changeOf(view.volumes().get(random.nextInt(view.volumes().size())));
    Change.Builder c = Change.newBuilder();
    if (random.nextInt(5) == 0) return moves.change(view, disk(), disk(), pool(), id(volume()));
    switch (random.nextInt(34)) {
      case 28:
      case 29: return attach(volume(), hostNumber(), access());
      case 30: return grant(volume(), hostNumber(), access());
      case 31: return createToken(view);
      case 32: return delete(volume());
      case 33: return share(volume(), random.nextBoolean());
      case 0: return c.setPutUser(PutUser.newBuilder().setUser(User.newBuilder().setName(name()).setRole(Role.forNumber(1 + random.nextInt(3)))));
      case 1: return c.setRemoveUser(RemoveUser.newBuilder().setName(random.nextInt(4) == 0 ? "admin" : name()));
      case 2: return createToken(view);
      case 3: return random.nextInt(4) > 0 ? createToken(view) : c.setRevokeToken(RevokeToken.newBuilder().setId(id(50 + random.nextInt(4))));
      case 4:
      case 5: return c.setJoinHost(JoinHost.newBuilder().setTokenId(id(50 + random.nextInt(4))).setSecretSha256(secret(random.nextInt(2)))
          .setHostId(host()).setCertificateSha256(fingerprint(random.nextInt(20))));
      case 6: return c.setJoinUser(JoinUser.newBuilder().setTokenId(id(50 + random.nextInt(4))).setSecretSha256(secret(random.nextInt(2)))
          .setCertificateSha256(fingerprint(random.nextInt(20))));
      case 7: return c.setRenameHost(RenameHost.newBuilder().setHostId(host()).setName(name()));
      case 8: return c.setSetAllowance(SetAllowance.newBuilder().setHostId(host())
          .setAllowance(Allowance.newBuilder().setPoolId(pool()).setMaxBytes(random.nextInt(40) * MIB)));
      case 9: return random.nextInt(3) == 0 ? c.setRemoveHost(RemoveHost.newBuilder().setHostId(host())) : attach(volume(), hostNumber(), access());
      case 10: return c.setDeclareHostDead(DeclareHostDead.newBuilder().setHostId(random.nextInt(4) == 0 ? host() : id(42))
          .setConfirmName(view.host(id(42)).map(Host::getName).orElse("")));
      case 11:
      case 12: return addDisk(10 + random.nextInt(8), name() + random.nextInt(3), random.nextInt(60) * MIB + random.nextInt(3), random.nextInt(3) == 0 ? name() : "");
      case 13: return c.setSetDisk(SetDisk.newBuilder().setDiskId(disk()).setName(name()).setDomain(random.nextBoolean() ? "x" : "y")
          .setSpare(random.nextInt(4) == 0));
      case 14: return random.nextInt(3) > 0 ? resize(volume(), random.nextInt(80) * MIB + 1) : c.setRemoveDisk(RemoveDisk.newBuilder().setDiskId(disk()));
      case 15: return createPool(20 + random.nextInt(2), name(), 10 + random.nextInt(8), 10 + random.nextInt(8));
      case 16: return c.setAddPoolDisks(AddPoolDisks.newBuilder().setPoolId(pool()).addDiskIds(disk()).addDiskIds(disk()));
      case 17: return random.nextInt(4) == 0 ? c.setDeletePool(DeletePool.newBuilder().setPoolId(pool()))
          : random.nextBoolean() ? c.setSetPoolRecovery(SetPoolRecovery.newBuilder().setPoolId(pool())
              .setRecovery(RecoverySettings.newBuilder().setWaitMs(random.nextInt(3)).setMinBytesPerSecond(random.nextInt(3)).setMaxBytesPerSecond(random.nextInt(3))))
          : c.setRenamePool(RenamePool.newBuilder().setPoolId(pool()).setName(name()));
      case 18: {
        if (random.nextInt(3) > 0) return c.setSetDisk(SetDisk.newBuilder().setDiskId(disk()).addUris("file:/x"));
        String pool = pool();
        view.poolMetadata(pool).ifPresent(m -> metadata = m);
        return c.setExportPool(ExportPool.newBuilder().setPoolId(pool));
      }
      case 19: return c.setImportPool(ImportPool.newBuilder().setMetadata(metadata));
      case 20:
      case 21:
      case 22: {
        Change.Builder create = createVolume(volume(), name() + random.nextInt(3), random.nextInt(50) * MIB + random.nextInt(3), random.nextInt(4));
        create.getCreateVolumeBuilder().setPoolId(pool()).setShared(random.nextBoolean()).setLegs(random.nextInt(4)).setStripeUnitBytes(random.nextInt(5) == 0 ? 4 * MIB : 0);
        return create;
      }
      case 23: return resize(volume(), random.nextInt(80) * MIB + 1);
      case 24: return random.nextInt(3) > 0 ? delete(volume()) : share(volume(), random.nextBoolean());
      case 25: return grant(volume(), hostNumber(), access());
      case 26: return attach(volume(), hostNumber(), access());
      default: return random.nextBoolean() ? release(volume(), hostNumber())
          : random.nextBoolean() ? detach(volume(), hostNumber())
          : c.setRemoveGrant(RemoveGrant.newBuilder().setVolumeId(id(volume())).setHostId(host()));
    }
  }

  /** About a volume that is there, and hosts that mostly have to do with it. */
  private Change.Builder changeOf(Volume volume) {
    Change.Builder c = Change.newBuilder();
    String granted = volume.getGrantsCount() == 0 ? host() : volume.getGrants(random.nextInt(volume.getGrantsCount())).getHostId();
    String holder = volume.getAttachmentsCount() == 0 ? host() : volume.getAttachments(random.nextInt(volume.getAttachmentsCount())).getHostId();
    return switch (random.nextInt(12)) {
      case 9, 10 -> c.setResizeVolume(ResizeVolume.newBuilder().setVolumeId(volume.getId()).setEpoch(volume.getLayout().getEpoch())
          .setSizeBytes(1 + random.nextInt((int) (volume.getSizeBytes() / MIB + 8)) * MIB).setConfirmName(volume.getName()));
      case 11 -> c.setFreeTail(FreeTail.newBuilder().setVolumeId(volume.getId()).setEpoch(volume.getLayout().getEpoch()));
      case 0, 1, 2 -> c.setAttachVolume(AttachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(granted).setAccess(access()));
      case 3 -> c.setDetachVolume(DetachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(holder));
      case 4 -> c.setReleaseVolume(ReleaseVolume.newBuilder().setVolumeId(volume.getId()).setHostId(holder).setUnfinished(random.nextInt(3) == 0));
      case 5 -> c.setRemoveGrant(RemoveGrant.newBuilder().setVolumeId(volume.getId()).setHostId(granted));
      case 6 -> c.setRenameVolume(RenameVolume.newBuilder().setVolumeId(volume.getId()).setName(name() + random.nextInt(3)));
      default -> c.setPutGrant(PutGrant.newBuilder().setVolumeId(volume.getId()).setGrant(Grant.newBuilder().setHostId(host()).setAccess(access())));
    };
  }

  private Change.Builder createToken(CatalogView view) {
    JoinToken.Builder token = JoinToken.newBuilder().setId(id(50 + random.nextInt(4))).setSecretSha256(secret(random.nextInt(2)))
        .setExpiresMs(now + random.nextInt(300));
    if (!view.users().isEmpty() && random.nextInt(3) == 0) token.setUserName(view.users().get(random.nextInt(view.users().size())).getName());
    else token.setHostName(name() + random.nextInt(3)).setAllowance(Allowance.newBuilder().setPoolId(pool()).setMaxBytes(random.nextInt(40) * MIB));
    return Change.newBuilder().setCreateToken(CreateToken.newBuilder().setToken(token));
  }

  private String name() {
    return NAMES[random.nextInt(NAMES.length)];
  }

  private String host() {
    return id(hostNumber());
  }

  private int hostNumber() {
    return 40 + random.nextInt(4);
  }

  private String disk() {
    return id(10 + random.nextInt(8));
  }

  private String pool() {
    return id(20 + random.nextInt(2));
  }

  private int volume() {
    return 30 + random.nextInt(8);
  }

  private Access access() {
    return Access.forNumber(random.nextInt(3));
  }
}
