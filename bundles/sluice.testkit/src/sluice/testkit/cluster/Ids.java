package sluice.testkit.cluster;

/** Ids of a run's objects, which tell people what they are of. */
public final class Ids {
  public static final String CLUSTER = id(1);
  public static final String POOL = id(2);

  private Ids() {}

  private static String id(int n) {
    return String.format("00000000-0000-4000-8000-%012d", n);
  }

  public static String disk(int n) {
    return id(100 + n);
  }

  public static String host(int n) {
    return id(200 + n);
  }

  public static String volume(int n) {
    return id(300 + n);
  }

  static String token(int n) {
    return id(400 + n);
  }

  /** Of legs and tasks, which the server makes. */
  public static String made(long n) {
    return String.format("00000000-0000-4000-9000-%012d", n);
  }
}
