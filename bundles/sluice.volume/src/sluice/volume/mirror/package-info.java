/**
 * Requests on several legs: who reads where, what has to wait for what, and what becomes of a request when a leg fails or
 * the layout changes. Everything on the engine's loop; nothing is allocated for a request once pools have grown.
 *
 * <p>May import sluice.api, sluice.io.device and sluice.volume.intent.
 */
package sluice.volume.mirror;
