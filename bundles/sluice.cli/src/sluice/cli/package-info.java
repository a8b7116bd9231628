/**
 * The command line: one class for each verb, grouped by noun, over the management client.
 *
 * <p>Runs on a plain class path, on the main thread; only {@code server} and {@code agent} start an OSGi framework, in
 * {@code sluice.cli.launch}. Commands decide what to ask and what to show; how it looks is {@code sluice.cli.output}'s.
 * Nothing but {@link sluice.cli.ClusterConnector} knows how a server is reached, so tests replace that.
 */
package sluice.cli;
