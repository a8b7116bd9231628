package sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.client.DeltaListener;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.GetPicture;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.PutUser;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;

/** A SAN whose picture does not fit into a frame. */
@Timeout(120)
class LargePictureTest {
  private static final int USERS = 300;
  private static final long FRAME = 16L << 20;

  /** Users with many certificates: large, and nothing that the server would have to do something about. */
  private static CatalogState large(CatalogState state) {
    CatalogState.Builder b = state.toBuilder();
    for (int i = 0; i < USERS; i++) {
      User.Builder user = User.newBuilder().setName("u" + i).setRole(Role.VIEWER);
      for (int c = 0; c < 1000; c++) user.addCertificateSha256(String.format("%064x", i * 1000 + c));
      b.addUsers(user);
    }
    return b.build();
  }

  @Test
  void itComesInPartsToWhoCanPutThemTogetherAndWhatChangesMeanwhileFollows() {
    try (TestCluster cluster = new TestCluster("large")) {
      cluster.restart(LargePictureTest::large);
      Picture whole = cluster.picture();
      assertTrue(whole.getSerializedSize() > FRAME, whole.getSerializedSize() + " bytes");
      assertEquals(USERS + 1, whole.getUsersCount());
      assertEquals(0, whole.getPart());

      List<Picture> pictures = new CopyOnWriteArrayList<>();
      List<PictureDelta> deltas = new CopyOnWriteArrayList<>();
      cluster.admin().follow(new DeltaListener() {
        @Override
        public void picture(Picture picture) {
          pictures.add(picture);
        }

        @Override
        public void changed(PictureDelta delta) {
          deltas.add(delta);
        }
      });
      User late = User.newBuilder().setName("late").setRole(Role.VIEWER).build();
      cluster.change(sluice.protocol.v1.Change.newBuilder().setPutUser(PutUser.newBuilder().setUser(late)));
      TestCluster.until("picture", () -> pictures.size() == 1);
      assertTrue(pictures.get(0).getUsersCount() > USERS);
      TestCluster.until("the new user", () -> pictures.get(0).getUsersList().stream().anyMatch(u -> u.getName().equals("late"))
          || deltas.stream().anyMatch(d -> d.getChangesList().stream().anyMatch(c -> c.getUser().getName().equals("late"))));
      long number = pictures.get(0).getNumber();
      for (PictureDelta d : deltas) assertEquals(++number, d.getNumber());
    }
  }

  @Test
  void whoCannotPutPartsTogetherIsToldThatItIsTooLarge() {
    try (TestCluster cluster = new TestCluster("large")) {
      cluster.restart(LargePictureTest::large);
      Call old = Call.newBuilder().setGetPicture(GetPicture.getDefaultInstance()).build();
      SluiceException e = assertThrows(SluiceException.class, () -> TestCluster.await(cluster.admin().call(old)));
      assertEquals(ErrorCode.NO_SPACE, e.code());
    }
  }
}
