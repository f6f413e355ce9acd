import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { refused } from '../errors.js';
import { safeHeaders } from '../safe-headers.js';
import { retryAfterOf } from './guard.js';

/**
 * Answers where there is no response to answer with: a request that is none, one that did not arrive, an upgrade that is
 * refused. The same headers and the same form as every other answer; then the connection ends.
 */
export async function answerRaw(socket: Duplex, status: number, refusal: Refusal): Promise<void> {
  const headers = await safeHeaders();
  if (!socket.writable) return;
  const body = JSON.stringify({ errors: [refused(refusal)] });
  const retryAfter = retryAfterOf(refusal);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    ...(retryAfter === undefined ? [] : [`retry-after: ${retryAfter}`]),
    'connection: close',
  ];
  // Whoever does not read the answer does not keep the socket.
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
