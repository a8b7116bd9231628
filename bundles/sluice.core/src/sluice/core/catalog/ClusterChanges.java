package sluice.core.catalog;

import java.util.HashSet;
import java.util.Set;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.InitCluster;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;

/** The first command. */
final class ClusterChanges {
  private ClusterChanges() {}

  static void init(Transaction t, InitCluster init) {
    Cluster there = t.inventory.cluster();
    if (there != null) {
      // a server that was stopped in the middle of its first start says it again
      if (there.getId().equals(init.getCluster().getId()) && isSame(t, init.getAdministrator())) return;
      throw Refusal.conflict("There is a cluster already", "this is " + there.getName(), "use another folder for another cluster");
    }
    if (!FieldRules.isId(init.getCluster().getId())) {
      throw Refusal.invalid("The cluster's id has the wrong form", "an id is a UUID in lower case", "leave the making of ids to the server");
    }
    FieldRules.name("cluster", init.getCluster().getName());
    User administrator = init.getAdministrator();
    FieldRules.name(Kind.USER, administrator.getName());
    if (administrator.getRole() != Role.ADMIN) {
      throw Refusal.invalid("The first user is no administrator", "nobody could make another one", "give it the role admin");
    }
    Set<String> certificates = new HashSet<>();
    for (String sha256 : administrator.getCertificateSha256List()) {
      FieldRules.fingerprint(sha256);
      if (!certificates.add(sha256)) throw Refusal.invalid("A certificate is named twice", "", "name it once");
    }
    if (certificates.size() > CatalogLimits.CERTIFICATES_PER_USER) {
      throw Refusal.invalid("The first user has too many certificates", "", "begin with one");
    }
    t.put(Cluster.newBuilder().setId(init.getCluster().getId()).setName(init.getCluster().getName()).setCreatedMs(t.timeMs()).build());
    t.put(administrator.toBuilder().setCreatedMs(t.timeMs()).build());
    t.about(init.getCluster().getId(), administrator.getName());
    t.info("cluster-created", "cluster " + init.getCluster().getName() + " made", init.getCluster().getId());
  }

  private static boolean isSame(Transaction t, User administrator) {
    User there = t.inventory.users.get(administrator.getName());
    return there != null && there.getCertificateSha256List().containsAll(administrator.getCertificateSha256List());
  }
}
