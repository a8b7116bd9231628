/**
 * Hosts: the production router, routes, order keeping and volume engine, in a shell that stands for the agent.
 *
 * <p>Everything of a host is on its one loop and dies with it.
 */
package sluice.testkit.host;
