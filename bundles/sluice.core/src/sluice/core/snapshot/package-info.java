/**
 * What is preserved of a volume's snapshots and where, and what follows of it: which chunk is read where, which have changed
 * between two snapshots, which space is free when one is deleted, how large the areas are.
 *
 * <p>Pure: no clock, thread, file or library; one owner.
 */
package sluice.core.snapshot;
