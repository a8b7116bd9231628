/**
 * The direct route: a volume's layout, straight to its disks.
 *
 * <p>A bundle of its own, which can be stopped, updated and started under load. Everything of a route lives on its volume's
 * loop; nothing here decides when a route is used. May import sluice.api, sluice.io, sluice.volume and slf4j.
 */
package sluice.agent.direct;
