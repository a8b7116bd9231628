/**
 * The engine under the catalog, behind one narrow interface: commands in, durable results, reads and changes out.
 *
 * <p>{@link sluice.catalog.CatalogMachine} is the one owner of a catalog and may be called from any thread;
 * {@link sluice.catalog.DeltaFeed} tells listeners on a thread of its own. What decides is in sluice.core; nothing in
 * here reads or changes the meaning of a command.
 */
package sluice.catalog;
