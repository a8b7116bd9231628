package sluice.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.UnknownFieldSet;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.Problem;

class SchemaTest {
  @Test
  void aCommandComesBackAsItWasSent() throws Exception {
    Command c = Command.newBuilder().setRequestId("r1").setTimeMs(5)
        .setChange(Change.newBuilder().setCreateVolume(CreateVolume.newBuilder().setName("v1").setSizeBytes(1 << 20))).build();
    assertEquals(c, Command.parseFrom(c.toByteArray()));
  }

  @Test
  void aChangeOfANewerPeerIsKeptButNotMistakenForAnother() throws Exception {
    Change newer = Change.newBuilder().setUnknownFields(UnknownFieldSet.newBuilder()
        .addField(1999, UnknownFieldSet.Field.newBuilder().addVarint(1).build()).build()).build();
    Change read = Change.parseFrom(newer.toByteArray());
    assertEquals(Change.BodyCase.BODY_NOT_SET, read.getBodyCase());
    assertArrayEquals(newer.toByteArray(), read.toByteArray());
  }

  @Test
  void everyKindOfErrorHasOneNameOnBothSides() {
    for (ErrorCode code : ErrorCode.values()) Problem.Code.valueOf(code.name());
    // and UNRECOGNIZED, which protobuf adds
    assertEquals(ErrorCode.values().length, Problem.Code.values().length - 1);
  }
}
