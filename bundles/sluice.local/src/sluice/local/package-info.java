/**
 * Control of a program by people on its own machine: one directory belongs to one program (a lock), and a Unix-domain
 * socket in it, which only its owner can reach, answers health questions and exchanges bundles.
 *
 * <p>Nothing here is on a data path; calls block, and run on threads of their own. May import sluice.api,
 * sluice.protocol and the OSGi framework.
 */
package sluice.local;
