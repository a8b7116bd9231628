/**
 * Which way a volume's next request goes: straight to the disks, through a server, or nowhere for now (design page,
 * section 5 "Redirect"; invariants 8 and 10).
 *
 * <p>Pure: time is an argument, in nanoseconds of any monotonic clock; one owner; no threads, no I/O, no allocation per
 * request. May import sluice.api and the JDK's java.lang only.
 */
package sluice.core.redirect;
