import { createHash, randomUUID } from 'node:crypto';
import type { NameId } from '../domain/kernel/ports.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const root = bytesOf('4b1c2a4e-5a52-5d0b-8a4e-150800000000');

/** RFC 9562 version 5: the SHA-1 of namespace and name, cut to 16 bytes, with version and variant in their places. */
function named(namespace: Buffer, name: string): string {
  const hex = createHash('sha1').update(namespace).update(name).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A namespace that is no UUID is first made one. Every event has such an id. */
export const nameId: NameId = (namespace, name) =>
  named(uuid.test(namespace) ? bytesOf(namespace) : bytesOf(named(root, namespace)), name);

export const randomId = (): string => randomUUID();
