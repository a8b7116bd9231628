/**
 * The one shape of block I/O: a {@link sluice.api.block.BlockDevice} takes {@link sluice.api.block.BlockRequest}s
 * on the event loop that owns it and completes each exactly once, on that loop.
 *
 * <p>Disks, NBD clients, layouts, routes and routers are all block devices, so they stack. May import the JDK only.
 */
package sluice.api.block;
