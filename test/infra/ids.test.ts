import fc from 'fast-check';
import { v5 } from 'uuid';
import { expect, test } from 'vitest';
import { nameId } from '../../src/infra/ids.js';

const root = '4b1c2a4e-5a52-5d0b-8a4e-150800000000';

test('the id of a name is that of RFC 9562 version 5: logs of earlier programs know cases by it (architecture.md §3)', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string({ unit: 'grapheme' }), (namespace, name) => {
      expect(nameId(namespace, name)).toBe(v5(name, namespace));
      expect(nameId(namespace.toUpperCase(), name)).toBe(v5(name, namespace));
    }),
  );
});

test('a namespace that is no UUID is named first, in the namespace of the program', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (namespace, name) => {
      expect(nameId(namespace, name)).toBe(v5(name, v5(namespace, root)));
    }),
  );
});
