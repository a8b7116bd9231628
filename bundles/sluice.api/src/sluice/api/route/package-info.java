/**
 * How the agent's router and the bundles that carry a volume's I/O meet: a route is a block device that can say how
 * well it does. May import the JDK only.
 */
package sluice.api.route;
