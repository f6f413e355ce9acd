import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SignedHead } from '../../../src/domain/proof/tree-head.js';
import { fingerprint, textOfHead } from '../../../src/domain/proof/tree-head.js';
import { faultOfHeads } from '../../../src/domain/proof/verify-log.js';
import { publicKeyOf, signText, verifyText } from '../../../src/infra/ed25519.js';
import { sha256 } from '../../../src/infra/sha256.js';

const tools = { sha256, verify: verifyText };
const { privateKey } = generateKeyPairSync('ed25519');

function headOf(size: number, root = sha256(String(size)), key = privateKey): SignedHead {
  const publicKey = publicKeyOf(key);
  const head = { log: 'log', size, root, time: '2026-03-02T02:00:00.000Z', key: fingerprint(sha256, publicKey) };
  return { ...head, publicKey, signature: signText(key, textOfHead(head)) };
}

test('heads that one key has signed agree (issue 5, part 1)', () => {
  expect(faultOfHeads(tools, [headOf(1), headOf(2)], [])).toBeUndefined();
});

test('a head of which any field is another than the one signed is named', () => {
  const good = headOf(2);
  const { publicKey } = headOf(2, undefined, generateKeyPairSync('ed25519').privateKey);
  const changes = [{ size: 3 }, { root: sha256('other') }, { time: '2026-03-02T02:00:00.001Z' }, { log: 'other' }];
  for (const change of [...changes, { key: sha256('other') }, { publicKey }])
    expect(faultOfHeads(tools, [headOf(1), { ...good, ...change }], []), JSON.stringify(change)).toMatchObject({
      ...{ fault: 'signature', head: change },
    });
});

test('two roots of one size, a key that nobody vouches for, and a first key that is not the trusted one are faults', () => {
  const stranger = headOf(2, undefined, generateKeyPairSync('ed25519').privateKey);
  expect(faultOfHeads(tools, [headOf(2), headOf(2, sha256('fork'))], [])?.fault).toBe('root');
  expect(faultOfHeads(tools, [headOf(1), stranger], [])?.fault).toBe('key');
  expect(faultOfHeads(tools, [headOf(1)], [], stranger.key)?.fault).toBe('first key');
});
