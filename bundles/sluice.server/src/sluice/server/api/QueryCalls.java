package sluice.server.api;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.net.ControlConnection;
import sluice.net.pki.JoinTokenText;
import sluice.protocol.v1.AuditList;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateToken;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.EventList;
import sluice.protocol.v1.GetPicture;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.ListEvents;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.TokenMade;
import sluice.protocol.v1.VolumePlan;
import sluice.protocol.v1.Watch;
import sluice.server.ControlThread;
import sluice.server.changes.Changes;
import sluice.server.disks.ServerDisks;
import sluice.server.status.PictureFeed;

/** Questions, and tokens. On the control thread. */
final class QueryCalls {
  private static final int LISTED = 1000;
  private static final int MOST_LISTED = 10_000;
  private static final long TOKEN_MS = 3600 * 1000L;
  private static final long LONGEST_TOKEN_MS = 30L * 24 * 3600 * 1000;
  /** Tokens whose text is kept for who asks again with the same request id because the answer got lost. */
  private static final int REMEMBERED = 256;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final Changes changes;
  private final ServerDisks disks;
  private final PictureFeed feed;
  private final String caSha256;
  private final Map<String, JoinTokenText> made = new LinkedHashMap<>();

  QueryCalls(ControlThread control, CatalogEngine engine, Changes changes, ServerDisks disks, PictureFeed feed, String caSha256) {
    this.control = control;
    this.engine = engine;
    this.changes = changes;
    this.disks = disks;
    this.feed = feed;
    this.caSha256 = caSha256;
  }

  CompletionStage<Reply.Builder> query(Caller caller, Call call) {
    return CompletableFuture.completedFuture(switch (call.getBodyCase()) {
      case LIST_EVENTS -> events(call.getListEvents());
      case LIST_AUDIT -> Reply.newBuilder().setAudit(AuditList.newBuilder()
          .addAllEntries(engine.read(v -> v.newestAudit(limit(call.getListAudit().getLimit())))));
      case PLAN_VOLUME -> plan(caller, call.getPlanVolume().getVolume());
      default -> CallDesk.problem(new SluiceException(ErrorCode.INVALID_ARGUMENT, "the call is not known",
          "the server is of another version", "use programs of one version"));
    });
  }

  private static int limit(int asked) {
    return asked <= 0 ? LISTED : Math.min(asked, MOST_LISTED);
  }

  private Reply.Builder events(ListEvents call) {
    int limit = limit(call.getLimit());
    boolean all = call.getObjectId().isEmpty();
    List<Event> events = engine.read(v -> v.eventsAfter(call.getAfterNumber(), all && call.getAfterNumber() > 0 ? limit : MOST_LISTED));
    List<Event> about = all ? events : events.stream().filter(e -> e.getObjectsList().contains(call.getObjectId())).toList();
    // Who follows wants the next ones; who lists wants the newest.
    boolean follows = call.getAfterNumber() > 0;
    List<Event> some = about.size() <= limit ? about
        : follows ? about.subList(0, limit) : about.subList(about.size() - limit, about.size());
    return Reply.newBuilder().setEvents(EventList.newBuilder().addAllEvents(some));
  }

  private Reply.Builder plan(Caller caller, CreateVolume asked) {
    CreateVolume create = asked.toBuilder().setVolumeId(UUID.randomUUID().toString()).clearAvoid().addAllAvoid(disks.avoid()).build();
    VolumePlan plan = engine.read(v -> v.planVolume(create, caller.actor()));
    if (!caller.host()) return Reply.newBuilder().setPlan(plan);
    // Which disks there are, and how full, is not a host's business: it learns whether, and why not.
    VolumePlan.Builder own = VolumePlan.newBuilder().setVolume(plan.getVolume().toBuilder().clearLayout());
    if (plan.hasProblem()) own.setProblem(plan.getProblem().toBuilder().clearCandidates());
    return Reply.newBuilder().setPlan(own);
  }

  CompletionStage<Reply.Builder> picture(ControlConnection connection, long id, GetPicture call) {
    return feed.picture(connection, id, call.getInParts());
  }

  CompletionStage<Reply.Builder> watch(ControlConnection connection, long id, Watch call) {
    return feed.watch(connection, id, call.getInParts());
  }

  CompletionStage<Reply.Builder> token(Caller caller, String requestId, MakeToken call) {
    long valid = call.getValidMs() == 0 ? TOKEN_MS : call.getValidMs();
    if (valid < 0 || valid > LONGEST_TOKEN_MS) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "the token cannot be made", "a token is valid for 30 days at most",
          "ask for a shorter time");
    }
    JoinTokenText text = requestId.isEmpty() ? null : made.get(requestId);
    if (text == null) text = JoinTokenText.create(UUID.randomUUID().toString(), caSha256);
    if (!requestId.isEmpty()) remember(requestId, text);
    long now = control.nowMs();
    JoinToken.Builder token = JoinToken.newBuilder().setId(text.tokenId()).setSecretSha256(ByteString.copyFrom(text.secretSha256()))
        .setExpiresMs(now + valid).setCreatedMs(now);
    if (call.hasAllowance()) token.setAllowance(call.getAllowance());
    if (call.getJoinsAsCase() == MakeToken.JoinsAsCase.USER_NAME) token.setUserName(call.getUserName());
    else token.setHostName(call.getHostName());
    JoinTokenText shown = text;
    Change change = Change.newBuilder().setCreateToken(CreateToken.newBuilder().setToken(token)).build();
    return changes.submit(caller.actor(), requestId, change).thenApply(outcome -> {
      if (outcome.refused()) return ChangeCalls.reply(outcome);
      long expires = engine.read(v -> v.token(shown.tokenId())).map(JoinToken::getExpiresMs).orElse(0L);
      if (expires == 0) {
        throw new SluiceException(ErrorCode.CONFLICT, "the token was made before, and its text cannot be shown again",
            "the server was started again in between", "revoke it and make another one");
      }
      return Reply.newBuilder().setToken(TokenMade.newBuilder().setToken(shown.text()).setExpiresMs(expires).setId(shown.tokenId()));
    });
  }

  private void remember(String requestId, JoinTokenText text) {
    made.put(requestId, text);
    if (made.size() > REMEMBERED) made.remove(made.keySet().iterator().next());
  }
}
