package sluice.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sluice.cli.output.Near;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;

/** Finds a picture's objects by name or id, and their names by id. An unknown name is an error that suggests near ones. */
public final class Names {
  private final Picture picture;
  private final Map<String, String> byId = new HashMap<>();

  public Names(Picture picture) {
    this.picture = picture;
    picture.getHostsList().forEach(h -> byId.put(h.getId(), h.getName()));
    picture.getDisksList().forEach(d -> byId.put(d.getId(), d.getName()));
    picture.getPoolsList().forEach(p -> byId.put(p.getId(), p.getName()));
    picture.getVolumesList().forEach(v -> byId.put(v.getId(), v.getName()));
  }

  /** The name of any object; its id if it is not known (any more), "" for none. */
  public String of(String id) {
    return byId.getOrDefault(id, id);
  }

  /** Whether the picture is what a host may see: it has no users, of whom there is always one, no disks and no space. */
  public boolean ofHost() {
    return picture.getUsersCount() == 0;
  }

  public Host host(String typed) {
    return find("host", typed, picture.getHostsList(), Host::getName, Host::getId);
  }

  public Disk disk(String typed) {
    return find("disk", typed, picture.getDisksList(), Disk::getName, Disk::getId);
  }

  public Pool pool(String typed) {
    return find("pool", typed, picture.getPoolsList(), Pool::getName, Pool::getId);
  }

  public Volume volume(String typed) {
    return find("volume", typed, picture.getVolumesList(), Volume::getName, Volume::getId);
  }

  public User user(String typed) {
    return find("user", typed, picture.getUsersList(), User::getName, User::getName);
  }

  /** Names win over ids: nobody names things like an id by accident. */
  private static <T> T find(String kind, String typed, List<T> all, Function<T, String> name, Function<T, String> id) {
    for (T t : all) if (name.apply(t).equals(typed)) return t;
    for (T t : all) if (id.apply(t).equals(typed)) return t;
    Near.require(kind, typed, all.stream().map(name).toList());
    throw new IllegalStateException("a name that is known was not found");
  }
}
