import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { Inbox } from '../../live/support/inbox.js';
import type { House } from './house.js';

/** Not where the honest come from. All of 127.0.0.0/8 is this machine. */
export const attackersAddress = '127.0.0.66';

export type RawConnection = {
  readonly socket: Socket;
  readonly write: (text: string | Buffer) => void;
  /** What came back until the other side ended it. */
  readonly ended: Promise<string>;
  /** Resolves once this has come. */
  readonly got: (text: string) => Promise<string>;
};

/** Bytes by hand. */
export async function rawConnection({ port }: Pick<House, 'port'>, from = attackersAddress): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const said = new Inbox<string>();
  socket.on('data', (chunk) => said.push(String(chunk)));
  socket.on('error', () => undefined); // a reset is an end too
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(said.items.join(''))));
  return {
    socket,
    write: (text) => void socket.write(text),
    ended,
    async got(text) {
      await said.until((items) => items.join('').includes(text));
      return said.items.join('');
    },
  };
}
