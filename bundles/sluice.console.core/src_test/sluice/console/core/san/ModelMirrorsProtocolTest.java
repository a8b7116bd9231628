package sluice.console.core.san;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.emf.ecore.EAnnotation;
import org.eclipse.emf.ecore.EClass;
import org.eclipse.emf.ecore.EClassifier;
import org.eclipse.emf.ecore.EEnum;
import org.eclipse.emf.ecore.EEnumLiteral;
import org.eclipse.emf.ecore.EReference;
import org.eclipse.emf.ecore.EStructuralFeature;
import org.junit.jupiter.api.Test;
import sluice.model.ModelPackage;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;

/**
 * The model and the protocol describe the same things by the same names. Who adds a field to a message adds a feature to
 * the class in {@code san.ecore}, or notes there why the console does not show it.
 */
class ModelMirrorsProtocolTest {
  private final Map<String, Descriptor> messages = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void everyFieldIsAFeatureOrIsLeftOutForAReasonAndTheOtherWayRound() {
    for (FileDescriptor f : List.of(Volume.getDescriptor().getFile(), CatalogState.getDescriptor().getFile(), Picture.getDescriptor().getFile())) {
      for (Descriptor d : f.getMessageTypes()) messages.put(d.getName(), d);
    }
    for (EClassifier c : ModelPackage.eINSTANCE.getEClassifiers()) if (c instanceof EClass type) check(type);
    assertEquals(List.of(), wrong);
  }

  private void check(EClass type) {
    EAnnotation note = type.getEAnnotation("sluice.v1");
    if (note == null) return;
    Map<String, FieldDescriptor> fields = new TreeMap<>();
    for (String name : note.getDetails().get("mirrors").split(" ")) {
      Descriptor message = messages.get(name);
      if (message == null) wrong.add(type.getName() + " mirrors " + name + ", which is no message");
      else for (FieldDescriptor f : message.getFields()) fields.putIfAbsent(f.getJsonName(), f);
    }
    for (Map.Entry<String, FieldDescriptor> e : fields.entrySet()) {
      boolean leftOut = note.getDetails().containsKey(e.getValue().getName());
      EStructuralFeature feature = type.getEStructuralFeature(e.getKey());
      if (feature != null && Mirror.own(feature)) feature = null;
      if (feature == null && !leftOut) {
        wrong.add(type.getName() + "." + e.getKey() + " is missing: add it to san.ecore, or note there why it is left out (" + e.getValue().getFullName() + ")");
      }
      if (feature != null && leftOut) wrong.add(type.getName() + "." + e.getKey() + " is both there and left out");
      if (feature != null) compare(type, feature, e.getValue());
    }
    for (EStructuralFeature f : type.getEStructuralFeatures()) {
      if (!Mirror.own(f) && !fields.containsKey(f.getName())) wrong.add(type.getName() + "." + f.getName() + " is in no message");
    }
  }

  private void compare(EClass type, EStructuralFeature feature, FieldDescriptor field) {
    String where = type.getName() + "." + feature.getName();
    if (feature.isMany() != field.isRepeated()) wrong.add(where + " is single here and repeated there, or the other way round");
    String wanted = switch (field.getJavaType()) {
      case STRING -> "EString";
      case LONG -> "ELong";
      case INT -> "EInt";
      case BOOLEAN -> "EBoolean";
      case ENUM, MESSAGE -> feature.getEType().getName();
      default -> "nothing: " + field.getJavaType() + " has no counterpart";
    };
    if (!feature.getEType().getName().equals(wanted)) wrong.add(where + " is a " + feature.getEType().getName() + ", not a " + wanted);
    if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) literals(where, (EEnum) feature.getEType(), field.getEnumType());
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      if (!(feature instanceof EReference r) || !r.isContainment()) wrong.add(where + " does not contain what the message contains");
      else if (!feature.getEType().getName().equals(field.getMessageType().getName())) wrong.add(where + " is of another type than " + field.getMessageType().getName());
    }
  }

  private void literals(String where, EEnum type, EnumDescriptor there) {
    List<String> own = type.getELiterals().stream().map(EEnumLiteral::getName).toList();
    List<String> theirs = there.getValues().stream().map(EnumValueDescriptor::getName).toList();
    if (!own.equals(theirs)) wrong.add(where + " has the words " + own + ", the protocol " + theirs);
  }
}
