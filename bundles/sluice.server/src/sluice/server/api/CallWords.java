package sluice.server.api;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Volume;

/** A call with what it is about, for the audit log: "remove a host: host h1". Right for any call, also one that names what is not there. */
final class CallWords {
  private static final int MOST = 8;

  private final CatalogEngine engine;

  CallWords(CatalogEngine engine) {
    this.engine = engine;
  }

  /** On the control thread. */
  String words(Call call) {
    Message body = call.hasChange() ? only(call.getChange()) : only(call);
    List<String> about = new ArrayList<>();
    if (body != null) engine.read(v -> objects(body, v, about));
    return CallDesk.words(call) + (about.isEmpty() ? "" : ": " + String.join(", ", about.subList(0, Math.min(MOST, about.size()))));
  }

  /** The message in a call or change that says what is asked. */
  private static Message only(Message of) {
    for (Map.Entry<FieldDescriptor, Object> e : of.getAllFields().entrySet()) {
      if (e.getKey().getContainingOneof() != null && e.getValue() instanceof Message m) return m;
    }
    return null;
  }

  /** Fields that name something, in the order of the schema; those of messages in it as well, like the user of a PutUser. */
  private static List<String> objects(Message body, CatalogView view, List<String> to) {
    body.getAllFields().forEach((field, value) -> {
      for (Object one : field.isRepeated() ? (List<?>) value : List.of(value)) {
        if (one instanceof Message m) objects(m, view, to);
        else if (one instanceof String s && to.size() < MOST) add(field.getName(), s, view, to);
      }
    });
    return to;
  }

  private static void add(String field, String value, CatalogView view, List<String> to) {
    switch (field) {
      case "volume_id" -> to.add("volume " + view.volume(value).map(Volume::getName).orElse(value));
      case "pool_id" -> to.add("pool " + view.pool(value).map(Pool::getName).orElse(value));
      case "host_id" -> to.add("host " + view.host(value).map(Host::getName).orElse(value));
      case "disk_id", "disk_ids", "to_disk_id" -> to.add("disk " + view.disk(value).map(Disk::getName).orElse(value));
      case "host_name" -> to.add("host " + value);
      case "user_name" -> to.add("user " + value);
      case "name", "uri", "uris", "token_id", "task_id", "leg_id" -> to.add(value);
      default -> {
        // Not a name: a rate, a word of confirmation.
      }
    }
  }
}
