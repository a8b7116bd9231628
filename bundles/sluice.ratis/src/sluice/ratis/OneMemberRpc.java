package sluice.ratis;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * The RPC of a group with one member: there is nobody to talk to, so no port is opened, and nobody can vote, append or
 * reconfigure from outside of the process. Commands come by {@link RaftServer#submitClientRequestAsync}. A second
 * member is refused. Ratis makes it by its class name; any thread.
 */
public final class OneMemberRpc implements RpcType {
  /** For Ratis. */
  public OneMemberRpc() {}

  /** Makes servers with these properties use it. */
  public static void use(RaftProperties properties) {
    properties.set(RaftConfigKeys.Rpc.TYPE_KEY, OneMemberRpc.class.getName());
  }

  @Override
  public String name() {
    return OneMemberRpc.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory(this);
  }

  @Override
  public String toString() {
    return "one member, no port";
  }

  private record Factory(RpcType type) implements ServerFactory {
    @Override
    public RpcType getRpcType() {
      return type;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new Rpc(type, server);
    }
  }

  private record Rpc(RpcType type, RaftServer server) implements RaftServerRpc {
    private static IOException alone() {
      return new IOException("this group has one member, which talks to nobody");
    }

    @Override
    public RpcType getRpcType() {
      return type;
    }

    @Override
    public void start() {
      // nothing to open
    }

    /** Null is Ratis's word for no address. */
    @Override
    public InetSocketAddress getInetSocketAddress() {
      return null;
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
      // a new leader gives all members of its group, itself among them
      for (RaftPeer p : peers) {
        if (!p.getId().equals(server.getId())) {
          throw new IllegalArgumentException(p + " cannot be reached: this group has one member");
        }
      }
    }

    @Override
    public void handleException(RaftPeerId peer, Exception e, boolean reconnect) {
      // there is no connection to make anew
    }

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
      throw alone();
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
      throw alone();
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
      throw alone();
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request) throws IOException {
      throw alone();
    }

    @Override
    public void close() {
      // nothing was opened
    }
  }
}
