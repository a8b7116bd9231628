/**
 * The agent: one program on each host that logs in to the server, holds the volumes it is told to, and says how they are.
 *
 * <p>{@link sluice.agent.Agent} composes it and owns the control thread; {@link sluice.agent.AgentComponent} ties it to the
 * framework. Nothing else here imports OSGi.
 */
package sluice.agent;
