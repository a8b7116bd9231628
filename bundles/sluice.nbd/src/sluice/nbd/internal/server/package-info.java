/**
 * The server: {@link sluice.nbd.internal.server.Listener} accepts, Negotiation haggles, Transmission takes requests and
 * answers them. What is decided (option data, request rules, metadata queries, extents) is in pure classes.
 * Everything runs on the one loop that owns the listener, its connections and their devices.
 */
package sluice.nbd.internal.server;
