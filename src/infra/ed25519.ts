import type { KeyObject } from 'node:crypto';
import { createPublicKey, sign, verify } from 'node:crypto';
import type { VerifySignature } from '../projections/ledger/ports.js';

/** A raw public key in front of which stands what DER says of Ed25519 (RFC 8410). */
const derPrefix = '302a300506032b6570032100';

export const publicKeyOf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('hex').slice(derPrefix.length);

export const signText = (key: KeyObject, text: string): string => sign(null, Buffer.from(text), key).toString('hex');

/** Nothing that is no key or no signature is ever right. */
export const verifyText: VerifySignature = (publicKey, text, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.from(derPrefix + publicKey, 'hex'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
};
