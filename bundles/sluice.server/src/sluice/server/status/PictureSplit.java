package sluice.server.status;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.protocol.v1.Picture;

/** Cuts a picture into parts that fit into frames; merged in their order they are the picture. Pure. */
public final class PictureSplit {
  /** So little that answers to heartbeats get between two parts on a slow network too. */
  static final int PART_BYTES = 512 << 10;

  private final List<Picture.Builder> parts = new ArrayList<>();
  private final int mostBytes;
  private long bytes;

  private PictureSplit(int mostBytes) {
    this.mostBytes = mostBytes;
    parts.add(Picture.newBuilder());
  }

  /** One part if it is small: then it is the picture as it was. */
  public static List<Picture> of(Picture all) {
    return of(all, PART_BYTES);
  }

  static List<Picture> of(Picture all, int mostBytes) {
    if (all.getSerializedSize() <= mostBytes) return List.of(all);
    PictureSplit split = new PictureSplit(mostBytes);
    for (Map.Entry<FieldDescriptor, Object> e : all.getAllFields().entrySet()) {
      if (!e.getKey().isRepeated()) split.parts.get(0).setField(e.getKey(), e.getValue());
      else for (Object o : (List<?>) e.getValue()) split.add(e.getKey(), o);
    }
    List<Picture> made = new ArrayList<>();
    for (int i = 0; i < split.parts.size(); i++) made.add(split.parts.get(i).setPart(i).setMore(i < split.parts.size() - 1).build());
    return made;
  }

  private void add(FieldDescriptor field, Object value) {
    long size = value instanceof Message m ? m.getSerializedSize() + 8L : CodedOutputStream.computeStringSizeNoTag((String) value) + 2L;
    if (bytes > 0 && bytes + size > mostBytes) {
      parts.add(Picture.newBuilder());
      bytes = 0;
    }
    bytes += size;
    parts.get(parts.size() - 1).addRepeatedField(field, value);
  }
}
