package sluice.cli.output;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A protocol message as a tree for {@link Json}: field names as in the schema, which never change their meaning.
 *
 * <p>Differs from protobuf's own JSON where scripts gain by it: every field that always has a value is there even if
 * it is zero; 64-bit numbers are numbers; bytes are hex; choices are lower-case words ("direct"). Messages that are not set and choices not taken are left out.
 */
public final class MessageJson {
  private MessageJson() {}

  public static Map<String, Object> of(Message message) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        List<Object> values = new ArrayList<>();
        for (Object value : (Collection<?>) message.getField(field)) values.add(value(field, value));
        tree.put(field.getName(), values);
      } else if (!field.hasPresence() || message.hasField(field)) {
        tree.put(field.getName(), value(field, message.getField(field)));
      }
    }
    return tree;
  }

  public static List<Object> of(Iterable<? extends Message> messages) {
    List<Object> list = new ArrayList<>();
    for (Message message : messages) list.add(of(message));
    return list;
  }

  private static Object value(FieldDescriptor field, Object value) {
    return switch (field.getJavaType()) {
      case MESSAGE -> of((Message) value);
      case ENUM -> ((EnumValueDescriptor) value).getName().toLowerCase(Locale.ROOT);
      case BYTE_STRING -> HexFormat.of().formatHex(((ByteString) value).toByteArray());
      // The schema's uint64 and uint32 come as signed Java numbers.
      case LONG -> field.getType() == FieldDescriptor.Type.UINT64 && (Long) value < 0
          ? new java.math.BigInteger(Long.toUnsignedString((Long) value)) : value;
      case INT -> field.getType() == FieldDescriptor.Type.UINT32 ? (Object) Integer.toUnsignedLong((Integer) value) : value;
      default -> value;
    };
  }
}
