/**
 * A large cluster that does not exist, told by a real control server over TLS: to see, test and measure how the console does
 * at size.
 *
 * <p>The picture is pure; the feed has a thread of its own. Nothing here is used by the console itself.
 */
package sluice.console.core.sample;
