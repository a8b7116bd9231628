/**
 * The way of a change: into the catalog, onto the disks of its pool, and back to who asked; and the catalog's deltas
 * on their way to everything that follows them. All on the control thread unless said otherwise.
 */
package sluice.server.changes;
