/**
 * The server: puts catalog, disks, sessions, pools, the server route and the management API together.
 *
 * <p>One {@link sluice.server.ControlThread} owns all state that changes; disks and volumes live on event loops and
 * tell it what they saw. Decisions are in small pure classes next to the shells that use them.
 */
package sluice.server;
