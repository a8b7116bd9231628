/**
 * The catalog: what the cluster is made of and who holds what, as a deterministic state machine. Commands with their
 * time go in, results and changed objects come out (catalog.proto).
 *
 * <p>Pure and single-threaded: no clock, no chance, no thread, and nothing depends on the order of a hash. Messages are
 * the values; they are immutable and may be passed to other threads. Imports the JDK, {@code sluice.api}, the
 * protocol's messages and the packages placement, space and layout beside it.
 */
package sluice.core.catalog;
