/**
 * Alerts: states that somebody should see to, with what to do. Raised when they begin and cleared when they end, by looking
 * at what is.
 *
 * <p>On the control thread. {@link sluice.server.alerts.Alerts} decides and is pure.
 */
package sluice.server.alerts;
