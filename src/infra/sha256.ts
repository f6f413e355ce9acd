import * as crypto from 'node:crypto';
import type { Sha256 } from '../domain/kernel/event-hash.js';

/** Node hashes in one call from 20.12 on, without the object that a hash in pieces needs: half of the time. */
export const sha256: Sha256 =
  typeof crypto.hash === 'function'
    ? (data) => crypto.hash('sha256', data, 'hex')
    : (data) => crypto.createHash('sha256').update(data).digest('hex');
