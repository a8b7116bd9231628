package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

/** Whatever parses as a command is applied or refused, and never breaks the catalog. */
class CatalogFuzzTest {
  private static final long[] NUMBERS = {0, 1, -1, 2, 4096, 65_536, MIB, GIB, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - MIB, 1L << 62};

  @Test
  void commandsWithAnyValuesInAnyFieldAreAppliedOrRefused() {
    Random random = new Random(7);
    int applied = 0;
    for (int seed = 0; seed < 20; seed++) {
      CatalogFixture c = new CatalogFixture();
      c.pool(GIB, GIB);
      c.host(40, "h1");
      for (int i = 0; i < 1500; i++) {
        Command command = (Command) random(Command.newBuilder(), random, 0);
        applied += check(c.catalog, command);
      }
    }
    assertTrue(applied > 100, "only " + applied + " were applied: this tests nothing");
  }

  @Test
  void flippedBitsInGoodCommandsAreAppliedOrRefused() {
    Random random = new Random(8);
    for (int seed = 0; seed < 20; seed++) {
      RandomCommands commands = new RandomCommands(seed);
      Catalog catalog = new Catalog();
      for (int i = 0; i < 500; i++) {
        byte[] bytes = commands.next(catalog.view()).toByteArray();
        for (int flips = random.nextInt(3); flips > 0; flips--) bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        try {
          check(catalog, Command.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
          // never gets as far as the catalog
        }
      }
    }
  }

  private static int check(Catalog catalog, Command command) {
    CatalogOutcome outcome = catalog.apply(command, catalog.revision() + 1);
    assertNotEquals(CommandResult.OutcomeCase.OUTCOME_NOT_SET, outcome.result().getOutcomeCase());
    if (outcome.result().hasProblem()) {
      assertNotEquals(Problem.Code.INTERNAL, outcome.result().getProblem().getCode(), () -> outcome.result() + "\n" + command);
    }
    CatalogState state = catalog.save();
    assertEquals(state, Catalog.load(state).save(), () -> "after " + command);
    for (AuditEntry entry : outcome.delta().getAuditList()) {
      assertTrue(entry.getAction().length() <= CatalogLimits.TEXT_CHARS);
      assertTrue(entry.getAction().chars().noneMatch(Character::isISOControl), entry.getAction());
    }
    return outcome.result().hasApplied() ? 1 : 0;
  }

  private static Message random(Message.Builder builder, Random random, int depth) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      if (field.getContainingOneof() != null && !field.toProto().getProto3Optional()) continue;
      if (depth < 2 || random.nextInt(3) > 0) set(builder, field, random, depth);
    }
    builder.getDescriptorForType().getRealOneofs().forEach(oneof ->
        set(builder, oneof.getField(random.nextInt(oneof.getFieldCount())), random, depth));
    return builder.build();
  }

  private static void set(Message.Builder builder, FieldDescriptor field, Random random, int depth) {
    if (field.isRepeated()) {
      for (int n = random.nextInt(4); n > 0; n--) builder.addRepeatedField(field, value(builder, field, random, depth));
    } else {
      builder.setField(field, value(builder, field, random, depth));
    }
  }

  private static Object value(Message.Builder builder, FieldDescriptor field, Random random, int depth) {
    return switch (field.getJavaType()) {
      case MESSAGE -> depth > 8 ? builder.newBuilderForField(field).build() : random(builder.newBuilderForField(field), random, depth + 1);
      case STRING -> string(random);
      case LONG -> NUMBERS[random.nextInt(NUMBERS.length)];
      case INT -> (int) NUMBERS[random.nextInt(NUMBERS.length)];
      case BOOLEAN -> random.nextBoolean();
      case BYTE_STRING -> secret(random.nextInt(3)).substring(random.nextInt(2));
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(6) - 1);
      default -> throw new AssertionError(field);
    };
  }

  private static String string(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> "x".repeat(random.nextInt(3_000));
      case 2 -> "line\nbreak \u2028 \uD83D\uDE00";
      case 3 -> fingerprint(random.nextInt(5));
      case 4 -> new String[] {"gold", "v1", "h1", "d10", "admin", "a"}[random.nextInt(6)];
      default -> id(new int[] {1, 10, 11, 20, 30, 31, 40}[random.nextInt(7)]);
    };
  }
}
