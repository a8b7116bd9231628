/**
 * Numbers and health of a running program, for machines: counters and latencies that cost the data path no allocation
 * and no lock, and an HTTP endpoint on a loopback address that gives them to whoever has the token.
 *
 * <p>Counting is for any thread; reading happens on the endpoint's threads. May import sluice.api and slf4j only.
 */
package sluice.telemetry;
