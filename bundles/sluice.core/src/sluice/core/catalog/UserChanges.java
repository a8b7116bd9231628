package sluice.core.catalog;

import java.util.ArrayList;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.RemoveUser;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;

/** Administrators and what they may do. */
final class UserChanges {
  private UserChanges() {}

  static void put(Transaction t, PutUser put) {
    User asked = put.getUser();
    FieldRules.name(Kind.USER, asked.getName());
    if (asked.getRole() == Role.ROLE_UNSPECIFIED || asked.getRole() == Role.UNRECOGNIZED) {
      throw Refusal.invalid("User " + asked.getName() + " has no role", "", "choose one of viewer, operator and admin");
    }
    if (asked.getCertificateSha256Count() > 0) {
      throw Refusal.invalid("Certificates cannot be given to a user", "they come from joining",
          "make a token for the user and join with it", asked.getName());
    }
    User old = t.inventory.users.get(asked.getName());
    t.about(asked.getName());
    if (old != null && put.getMeant() == PutUser.Meant.ADD) {
      throw Refusal.of(Problem.Code.ALREADY_EXISTS, "User " + asked.getName() + " cannot be added", "there is one of that name, with the role " + role(old.getRole()),
          "choose another name; 'sluice user set " + asked.getName() + " --role " + role(asked.getRole()) + "' changes the role", asked.getName());
    }
    if (old == null && put.getMeant() == PutUser.Meant.CHANGE) t.user(asked.getName());
    if (old == null) {
      if (t.inventory.users.size() >= CatalogLimits.USERS) throw tooMany();
      t.put(User.newBuilder().setName(asked.getName()).setRole(asked.getRole()).setCreatedMs(t.timeMs()).build());
      t.info("user-created", "user " + asked.getName() + " made as " + role(asked.getRole()), asked.getName());
    } else if (old.getRole() != asked.getRole()) {
      User now = old.toBuilder().setRole(asked.getRole()).build();
      keepAnAdministrator(t, old, now);
      t.put(now);
      t.info("user-changed", "user " + old.getName() + " made " + role(now.getRole()), old.getName());
    }
  }

  static void remove(Transaction t, RemoveUser remove) {
    User old = t.user(remove.getName());
    keepAnAdministrator(t, old, null);
    for (JoinToken token : new ArrayList<>(t.inventory.tokens.all())) {
      if (token.getUserName().equals(old.getName())) t.remove(token);
    }
    t.remove(old);
    t.about(old.getName());
    t.info("user-removed", "user " + old.getName() + " removed", old.getName());
  }

  /**
   * An administrator that has a certificate can act, one without has to join first and may never. So the last that can
   * act stays, and if none can yet, the last of any kind.
   */
  private static void keepAnAdministrator(Transaction t, User old, User now) {
    if (old.getRole() != Role.ADMIN || now != null && now.getRole() == Role.ADMIN) return;
    boolean canAct = old.getCertificateSha256Count() > 0;
    for (User other : t.inventory.users.all()) {
      if (other == old || other.getRole() != Role.ADMIN) continue;
      if (!canAct || other.getCertificateSha256Count() > 0) return;
    }
    throw Refusal.conflict("User " + old.getName() + " is the last administrator",
        canAct ? "nobody else who has joined could change anything any more" : "nobody could change anything any more",
        "make another user admin and let them join first", old.getName());
  }

  private static Refusal tooMany() {
    return Refusal.conflict("There are too many users", "at most " + CatalogLimits.USERS, "remove some");
  }

  static String role(Role role) {
    return switch (role) {
      case VIEWER -> "viewer";
      case OPERATOR -> "operator";
      case ADMIN -> "admin";
      default -> "nobody";
    };
  }
}
