package sluice.server.api;

import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.ControlConnection;
import sluice.net.pki.PeerIdentity;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ResizeVolume;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.ToClient;
import sluice.server.changes.ServerEvents;
import sluice.server.session.ControlDesk;
import sluice.server.session.Sessions;
import sluice.server.status.PictureFeed;

/** Answers calls: checks who may, hands them to the part that does them, and sends what that answers. On the control thread. */
public final class CallDesk implements ControlDesk.Calls {
  private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);

  private final Sessions sessions;
  private final ServerEvents events;
  private final PictureFeed feed;
  private final ChangeCalls changes;
  private final AttachCalls attachments;
  private final DiskCalls disks;
  private final QueryCalls queries;
  private final CareCalls cares;
  private final PlanCalls plans;
  private final SnapshotCalls snapshots;

  CallDesk(Sessions sessions, ServerEvents events, PictureFeed feed, ChangeCalls changes, AttachCalls attachments,
      DiskCalls disks, QueryCalls queries, CareCalls cares, PlanCalls plans, SnapshotCalls snapshots) {
    this.sessions = sessions;
    this.events = events;
    this.feed = feed;
    this.changes = changes;
    this.attachments = attachments;
    this.disks = disks;
    this.queries = queries;
    this.cares = cares;
    this.plans = plans;
    this.snapshots = snapshots;
  }

  @Override
  public void call(ControlConnection connection, long id, Call call) {
    if (!sessions.connected(connection)) return;
    PeerIdentity who = connection.peer();
    Role role = who.kind() == PeerIdentity.Kind.USER ? sessions.role(who) : Role.ROLE_UNSPECIFIED;
    Caller caller = new Caller(who, Sessions.actor(connection), role);
    String refusal = caller.host() ? Permissions.refusalOfHost(call) : Permissions.refusalOfUser(role, call);
    if (refusal != null) {
      events.refused(caller.actor(), words(call), refusal);
      send(connection, id, problem(new SluiceException(ErrorCode.FORBIDDEN, "you may not " + words(call), refusal,
          "ask an administrator")));
      return;
    }
    try {
      answer(connection, id, caller, call).whenComplete((reply, failure) ->
          send(connection, id, failure == null ? reply : failed(call, failure)));
    } catch (RuntimeException e) {
      send(connection, id, failed(call, e));
    }
  }

  private CompletionStage<Reply.Builder> answer(ControlConnection connection, long id, Caller caller, Call call) {
    Consumer<Progress> progress = p -> connection.send(ToClient.newBuilder().setAnswers(id)
        .setReply(Reply.newBuilder().setProgress(p)).build());
    return switch (call.getBodyCase()) {
      case CHANGE -> call.getChange().hasResizeVolume() ? resized(caller, call) : changes.change(caller, call.getRequestId(), call.getChange());
      case ATTACH -> attachments.attach(caller, call.getRequestId(), call.getAttach());
      case DETACH -> attachments.detach(caller, call.getRequestId(), call.getDetach());
      case SCAN_DISKS -> disks.scan(call.getScanDisks());
      case ADD_DISKS -> disks.add(caller, call.getRequestId(), call.getAddDisks(), progress);
      case REMOVE_DISK -> disks.remove(caller, call.getRequestId(), call.getRemoveDisk());
      case RECHECK_DISKS -> disks.recheck();
      case IMPORT_POOL -> disks.importPool(caller, call.getRequestId(), call.getImportPool());
      case ADD_LEG -> cares.add(caller, call.getRequestId(), call.getAddLeg());
      case DROP_LEG -> cares.drop(caller, call.getRequestId(), call.getDropLeg());
      case RECOVER -> cares.recover(caller, call.getRequestId(), call.getRecover());
      case RESIZE -> cares.resize(caller, call.getRequestId(), call.getResize().getVolumeId(), call.getResize().getSizeBytes(),
          call.getResize().getConfirmName());
      case PLAN_CHANGE -> plans.plan(caller, call.getPlanChange());
      case SNAPSHOT_VOLUMES -> snapshots.take(caller, call);
      case DIFF_SNAPSHOTS, SNAPSHOT_USAGE -> snapshots.query(call);
      case GET_PICTURE -> queries.picture(connection, id, call.getGetPicture());
      case WATCH -> queries.watch(connection, id, call.getWatch());
      case PLAN_MOVES -> changes.planMoves(caller, call.getPlanMoves());
      case MAKE_TOKEN -> queries.token(caller, call.getRequestId(), call.getMakeToken());
      default -> queries.query(caller, call);
    };
  }

  /** Asked for as a change of the catalog, as programs of before do: the volume is recalled from its hosts all the same. */
  private CompletionStage<Reply.Builder> resized(Caller caller, Call call) {
    ResizeVolume asked = call.getChange().getResizeVolume();
    return cares.resize(caller, call.getRequestId(), asked.getVolumeId(), asked.getSizeBytes(), asked.getConfirmName());
  }

  private static void send(ControlConnection connection, long id, Reply.Builder reply) {
    connection.send(ToClient.newBuilder().setAnswers(id).setReply(reply.setLast(true)).build());
  }

  static Reply.Builder problem(SluiceException e) {
    return Reply.newBuilder().setProblem(Problems.of(e));
  }

  private static Reply.Builder failed(Call call, Throwable failure) {
    Problem problem = Problems.of(failure);
    if (problem.getCode() == Problem.Code.INTERNAL) LOG.error("{} failed", words(call), failure);
    return Reply.newBuilder().setProblem(problem);
  }

  /** "create volume", "scan disks": for messages. The protocol's word where it is one that people use. */
  static String words(Call call) {
    String name = call.hasChange() ? call.getChange().getBodyCase().name() : call.getBodyCase().name();
    return switch (name) {
      case "PUT_USER" -> "add or change a user";
      case "PUT_GRANT" -> "grant a volume";
      case "REMOVE_GRANT" -> "revoke a grant";
      case "MAKE_TOKEN" -> "make a token";
      case "ATTACH", "DETACH" -> name.toLowerCase(Locale.ROOT) + " a volume";
      case "SET_ALLOWANCE" -> "set what a host may allocate";
      case "SET_VOLUME_SHARED" -> "share a volume";
      case "LIST_AUDIT" -> "read the audit log";
      case "ADD_LEG", "DROP_LEG" -> name.substring(0, name.indexOf('_')).toLowerCase(Locale.ROOT) + " a leg";
      case "RESIZE" -> "resize a volume";
      case "PLAN_CHANGE" -> "plan a change";
      case "SNAPSHOT_VOLUMES" -> "take a snapshot";
      case "DELETE_SNAPSHOT" -> "delete a snapshot";
      case "DIFF_SNAPSHOTS", "SNAPSHOT_USAGE" -> "look into snapshots";
      case "RECOVER" -> "recover a volume";
      case "SET_POOL_RECOVERY" -> "set how a pool recovers";
      default -> name.toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  @Override
  public void closed(ControlConnection connection) {
    feed.closed(connection);
  }
}
