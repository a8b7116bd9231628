package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.v1.Volume;

/** Volumes in sentences and in lists of objects. */
final class VolumeWords {
  private VolumeWords() {}

  /** "volume v1" or "volumes v1, v2" */
  static String list(List<Volume> volumes) {
    List<String> names = new ArrayList<>();
    for (Volume volume : volumes) names.add(volume.getName());
    return (names.size() == 1 ? "volume " : "volumes ") + Words.list(names);
  }

  /** Something's id and those of volumes, as many as are named anywhere. */
  static String[] ids(String first, List<Volume> volumes) {
    List<String> ids = new ArrayList<>();
    ids.add(first);
    for (Volume volume : volumes) if (ids.size() < CatalogLimits.OBJECTS) ids.add(volume.getId());
    return ids.toArray(String[]::new);
  }
}
