/**
 * The first start of a server: makes the cluster, step by step, each of which may be the last one before a crash.
 *
 * <p>Blocking file work, on the thread that starts the server, before anything listens.
 */
package sluice.server.first;
