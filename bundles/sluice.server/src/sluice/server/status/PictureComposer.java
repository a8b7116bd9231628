package sluice.server.status;

import com.google.protobuf.ByteString;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.server.ServerFacts;

/** The SAN at one moment, as an administrator sees it. On the control thread. */
public final class PictureComposer {
  private final CatalogEngine engine;
  private final StatusBook book;
  private final ServerFacts facts;

  public PictureComposer(CatalogEngine engine, StatusBook book, ServerFacts facts) {
    this.engine = engine;
    this.book = book;
    this.facts = facts;
  }

  public Picture compose(long number, long nowMs) {
    Picture.Builder p = engine.read(PictureComposer::ofCatalog);
    return p.setNumber(number).setTimeMs(nowMs).setServerId(facts.serverId()).setSoftware(facts.software())
        .addAllControlAddresses(facts.controlAddresses()).addAllHostStatus(book.hosts()).addAllDiskStatus(book.disks())
        .addAllVolumeStatus(book.volumes()).addAllTaskStatus(book.tasks()).addAllAlerts(book.alerts()).build();
  }

  private static Picture.Builder ofCatalog(CatalogView view) {
    Picture.Builder p = Picture.newBuilder().addAllUsers(view.users()).addAllHosts(view.hosts()).addAllDisks(view.disks())
        .addAllPools(view.pools()).addAllVolumes(view.volumes()).addAllTasks(view.tasks());
    view.cluster().ifPresent(p::setCluster);
    for (JoinToken t : view.tokens()) p.addTokens(withoutSecret(t));
    for (Pool pool : view.pools()) view.poolUsage(pool.getId()).ifPresent(p::addPoolUsage);
    return p;
  }

  /** Even its hash is nobody's business. */
  public static JoinToken withoutSecret(JoinToken token) {
    return token.toBuilder().setSecretSha256(ByteString.EMPTY).build();
  }
}
