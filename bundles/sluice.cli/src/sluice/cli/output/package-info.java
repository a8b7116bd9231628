/**
 * What people and scripts see: tables, JSON, errors, progress, moments in time.
 *
 * <p>Pure but for {@link sluice.cli.output.ProgressLine}; one thread. Knows the protocol's messages, no command and no
 * connection.
 */
package sluice.cli.output;
