/**
 * The benchmark: an attached volume against other NBD servers on the same file, by fio's nbd engine.
 *
 * <p>Rounds are interleaved, so that a machine whose speed drifts hurts all alike; medians and ratios within one run
 * are what counts, not absolute figures. Arithmetic is pure ({@link sluice.cli.bench.Results}); processes are started
 * and stopped on the main thread.
 */
package sluice.cli.bench;
