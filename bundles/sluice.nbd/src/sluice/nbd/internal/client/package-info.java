/**
 * The client: ClientConnector connects, Haggling opens the export, ReplyReader takes replies apart,
 * {@link sluice.nbd.internal.client.ClientSession} keeps what is under way and decides when a request completes.
 * Everything runs on the loop of the connection.
 */
package sluice.nbd.internal.client;
