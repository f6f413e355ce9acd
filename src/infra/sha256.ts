import { createHash } from 'node:crypto';
import type { Sha256 } from '../domain/kernel/event-hash.js';

export const sha256: Sha256 = (data) => createHash('sha256').update(data).digest('hex');
