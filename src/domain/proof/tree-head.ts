import { z } from 'zod';
import { canonical } from '../kernel/canonical.js';
import type { Hash, Sha256 } from '../kernel/event-hash.js';

export const hashText = z.string().regex(/^[0-9a-f]{64}$/);
/** Ed25519 (RFC 8032), in lower-case hexadecimal: 32 bytes. */
export const publicKeyText = hashText;
/** Ed25519, in lower-case hexadecimal: 64 bytes. */
export const signatureText = z.string().regex(/^[0-9a-f]{128}$/);

/** Whether the text, as UTF-8, was signed with the key. */
export type VerifySignature = (publicKey: string, text: string, signature: string) => boolean;

/** Says that the log, when it had `size` events, was the one whose Merkle root is `root`. */
export const treeHead = z.strictObject({
  /** Which log: its epoch. */
  log: z.string(),
  size: z.int().min(0),
  root: hashText,
  /** When it was signed, ISO 8601 in UTC. */
  time: z.string(),
  /** Fingerprint of the public key. */
  key: hashText,
});
export type TreeHead = z.infer<typeof treeHead>;
export const signedHead = treeHead.extend({ publicKey: publicKeyText, signature: signatureText });
export type SignedHead = z.infer<typeof signedHead>;

/** What is compared by eye and ear: the SHA-256 of the public key's hexadecimal text. */
export const fingerprint = (sha256: Sha256, publicKey: string): Hash => sha256(publicKey);

/** Each kind of text that is signed begins with a line of its own: one can never pass for another. */
export const textOfHead = ({ log, size, root, time, key }: TreeHead): string =>
  `wuji tree head 1\n${canonical({ log, size, root, time, key })}`;

export const isSigned = (
  sha256: Sha256,
  verify: VerifySignature,
  { publicKey, signature, ...head }: SignedHead,
): boolean => fingerprint(sha256, publicKey) === head.key && verify(publicKey, textOfHead(head), signature);

/** A new key, vouched for by the one before it. */
export const endorsedKey = z.strictObject({
  publicKey: publicKeyText,
  /** ISO 8601 in UTC. */
  since: z.string(),
  /** By the key before it; `null`: the first. */
  endorsement: z.strictObject({ publicKey: publicKeyText, signature: signatureText }).nullable(),
});
export type EndorsedKey = z.infer<typeof endorsedKey>;

export const textOfEndorsement = ({ publicKey, since }: Pick<EndorsedKey, 'publicKey' | 'since'>): string =>
  `wuji audit key 1\n${canonical({ publicKey, since })}`;

/** Whether the keys lead from one that is trusted to another, each vouched for by the one before. */
export function leadsTo(
  verify: VerifySignature,
  keys: readonly EndorsedKey[],
  trusted: string,
  publicKey: string,
): boolean {
  if (trusted === publicKey) return true;
  let current = trusted;
  for (;;) {
    const next = keys.find(
      (key) =>
        key.endorsement?.publicKey === current &&
        key.publicKey !== current &&
        verify(current, textOfEndorsement(key), key.endorsement.signature),
    );
    if (!next) return false;
    if (next.publicKey === publicKey) return true;
    keys = keys.filter((key) => key !== next);
    current = next.publicKey;
  }
}
