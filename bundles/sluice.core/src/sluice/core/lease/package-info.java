/**
 * How long a host may use what it holds without having heard from a server (invariant 2).
 *
 * <p>Pure: time is an argument, in nanoseconds of the host's monotonic clock; one owner; no threads. JDK only.
 */
package sluice.core.lease;
