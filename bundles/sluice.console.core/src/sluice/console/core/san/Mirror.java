package sluice.console.core.san;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.emf.ecore.EClass;
import org.eclipse.emf.ecore.EEnum;
import org.eclipse.emf.ecore.EEnumLiteral;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.emf.ecore.EReference;
import org.eclipse.emf.ecore.EStructuralFeature;
import org.eclipse.emf.ecore.util.EcoreUtil;

/**
 * Messages of the protocol as objects of the model, which have the same names. What a message contains becomes a value: it
 * is replaced when it changes, never changed in place, so that it can be made on one thread and put in place on another.
 */
final class Mirror {
  /** A feature and what it shall be. */
  record Setting(EObject object, EStructuralFeature feature, Object value) {
    void apply() {
      object.eSet(feature, value);
    }
  }

  private record Pair(FieldDescriptor field, EStructuralFeature feature) {}

  private record Key(EClass type, String message) {}

  private static final Map<Key, List<Pair>> PAIRS = new ConcurrentHashMap<>();

  private Mirror() {}

  /** A new object that shows the messages; in no container yet. */
  static EObject make(EClass type, Message... messages) {
    EObject made = EcoreUtil.create(type);
    for (Message m : messages) {
      for (Pair p : pairs(type, m)) {
        if (set(m, p.field)) made.eSet(p.feature, value(p, m));
      }
    }
    return made;
  }

  /** What is to be set for an object to show `now` where it showed `before`. */
  static void differences(EObject object, Message before, Message now, List<Setting> out) {
    for (Pair p : pairs(object.eClass(), now)) {
      if (before.getField(p.field).equals(now.getField(p.field)) && set(before, p.field) == set(now, p.field)) continue;
      out.add(new Setting(object, p.feature, set(now, p.field) ? value(p, now) : unset(p.feature)));
    }
  }

  private static boolean set(Message m, FieldDescriptor f) {
    return f.isRepeated() ? m.getRepeatedFieldCount(f) > 0 : !f.hasPresence() || m.hasField(f);
  }

  private static Object unset(EStructuralFeature feature) {
    return feature.isMany() ? List.of() : feature.getDefaultValue();
  }

  private static Object value(Pair p, Message m) {
    Object raw = m.getField(p.field);
    if (!p.field.isRepeated()) return one(p.feature, raw);
    List<Object> all = new ArrayList<>();
    for (Object o : (List<?>) raw) all.add(one(p.feature, o));
    return all;
  }

  private static Object one(EStructuralFeature feature, Object raw) {
    if (raw instanceof Message m) return make(((EReference) feature).getEReferenceType(), m);
    if (raw instanceof EnumValueDescriptor e) return literal((EEnum) feature.getEType(), e.getName());
    return raw;
  }

  /** A word of a newer server is as good as none. */
  private static Object literal(EEnum type, String name) {
    EEnumLiteral found = type.getEEnumLiteral(name);
    return (found == null ? type.getELiterals().get(0) : found).getInstance();
  }

  private static List<Pair> pairs(EClass type, Message m) {
    return PAIRS.computeIfAbsent(new Key(type, m.getDescriptorForType().getFullName()), k -> {
      List<Pair> found = new ArrayList<>();
      for (FieldDescriptor f : m.getDescriptorForType().getFields()) {
        EStructuralFeature feature = type.getEStructuralFeature(f.getJsonName());
        if (feature != null && !own(feature)) found.add(new Pair(f, feature));
      }
      return List.copyOf(found);
    });
  }

  /** Of the model alone: no message has it. */
  static boolean own(EStructuralFeature feature) {
    return feature.getEAnnotation("sluice.v1") != null;
  }
}
