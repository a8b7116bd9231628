package sluice.core.catalog;

import sluice.api.ByteSize;

/** Forms of single fields: names, ids, fingerprints, sizes. Each check refuses with the rule and an example. */
final class FieldRules {
  private FieldRules() {}

  /** 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit, and not of the form of an id. */
  static void name(Kind kind, String name) {
    name(kind.word(), name);
  }

  static void name(String word, String name) {
    if (!isName(name)) {
      throw Refusal.invalid("'" + Words.cut(name, CatalogLimits.NAME_CHARS) + "' cannot be the name of a " + word,
          "a name is 1 to 64 of a-z, 0-9, '-', '_' and '.', and begins with a letter or digit",
          "choose a name like " + word + "-1");
    }
    if (isId(name)) {
      throw Refusal.invalid("'" + name + "' cannot be the name of a " + word,
          "it has the form of an id, and ids and names are used in the same places", "choose a name like " + word + "-1");
    }
  }

  static boolean isName(String name) {
    if (name.isEmpty() || name.length() > CatalogLimits.NAME_CHARS) return false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean alphanumeric = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
      if (!alphanumeric && (i == 0 || c != '-' && c != '_' && c != '.')) return false;
    }
    return true;
  }

  /** A UUID in its canonical text form. */
  static void id(Kind kind, String id) {
    if (!isId(id)) {
      throw Refusal.invalid("'" + Words.cut(id, CatalogLimits.NAME_CHARS) + "' cannot be the id of a " + kind.word(),
          "an id is a UUID in lower case", "leave the making of ids to the server");
    }
  }

  static boolean isId(String id) {
    if (id.length() != 36) return false;
    for (int i = 0; i < 36; i++) {
      char c = id.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !isHex(c)) return false;
    }
    return true;
  }

  /** SHA-256 in lower-case hex. */
  static void fingerprint(String sha256) {
    boolean good = sha256.length() == 64;
    for (int i = 0; good && i < 64; i++) good = isHex(sha256.charAt(i));
    if (!good) {
      throw Refusal.invalid("A certificate's fingerprint has the wrong form", "it is the SHA-256 in 64 lower-case hex digits", "");
    }
  }

  private static boolean isHex(char c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
  }

  /** A failure domain: like a name, or empty. */
  static void domain(String domain) {
    if (!domain.isEmpty() && !isName(domain)) {
      throw Refusal.invalid("'" + Words.cut(domain, CatalogLimits.NAME_CHARS) + "' cannot be a failure domain",
          "a domain is 1 to 64 of a-z, 0-9, '-', '_' and '.', or empty for none", "choose a domain like rack-1");
    }
  }

  /** uint64 fields above 8 EiB arrive negative. */
  static void size(String of, long bytes) {
    if (bytes <= 0) {
      throw Refusal.invalid("The size of " + of + (bytes == 0 ? " is missing" : " is too large"),
          "a size is at least one byte and below 8 EiB", "give a size like 10GiB");
    }
  }

  static String bytes(long bytes) {
    return bytes < 0 ? "more than 8 EiB" : new ByteSize(bytes).toString();
  }
}
