import { randomUUID } from 'node:crypto';
import { v5 } from 'uuid';
import type { NameId } from '../domain/kernel/ports.js';

const root = '4b1c2a4e-5a52-5d0b-8a4e-150800000000';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** RFC 9562 version 5. A namespace that is no UUID is first made one. */
export const nameId: NameId = (namespace, name) => v5(name, uuid.test(namespace) ? namespace : v5(namespace, root));

export const randomId = (): string => randomUUID();
