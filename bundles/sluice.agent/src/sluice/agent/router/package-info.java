/**
 * One volume's requests, each by the way that is good at the moment: deadlines, redirects, and what has to wait for what.
 *
 * <p>Everything of a router lives on its volume's loop. May import sluice.api, sluice.core.redirect, sluice.io's buffers
 * through sluice.api, and slf4j; no Netty, no OSGi.
 */
package sluice.agent.router;
