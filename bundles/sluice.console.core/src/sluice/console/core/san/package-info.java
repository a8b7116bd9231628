/**
 * Connections to clusters, and the projector that brings what they tell into the EMF model.
 *
 * <p>What comes from a server is put together on the projector's own thread; EMF objects are touched on the executor that
 * the user interface hands in, and nowhere else. Imports no SWT and no JFace.
 */
package sluice.console.core.san;
