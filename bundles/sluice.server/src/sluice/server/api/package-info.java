/**
 * The management API: who may ask what, and how each call of the protocol is carried out.
 *
 * <p>Everything here runs on the control thread. Roles are checked before anything is looked up, so that a refusal
 * tells nothing.
 */
package sluice.server.api;
