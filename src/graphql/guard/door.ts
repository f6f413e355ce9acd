import { addressReader, peerReader } from './address.js';

/** What of the settings is about who comes to the door. */
export type DoorSettings = {
  readonly trustedProxies?: readonly string[] | undefined;
  readonly socketsPerHolder: number;
  readonly socketsPerAddress: number;
  readonly socketPayloadBytes: number;
  readonly socketMessages: number;
  readonly socketOperations: number;
};

/** The settings as guard, HTTP server and WebSocket door take them. */
export const doorOf = ({ trustedProxies = [], socketsPerHolder, socketsPerAddress, ...settings }: DoorSettings) => ({
  addressOf: addressReader(trustedProxies),
  places: { perHolder: socketsPerHolder, perAddress: socketsPerAddress },
  // Browsers open several for one page, besides the one that lasts.
  peers: { most: 2 * socketsPerAddress, of: peerReader(trustedProxies) },
  sockets: {
    maxPayload: settings.socketPayloadBytes,
    messagesPerSecond: settings.socketMessages,
    operationsPerSocket: settings.socketOperations,
  },
});
