import type { EndorsedKey, SignedHead } from '../../domain/proof/tree-head.js';

/** What crosses these ports, and how it is read and signed. */
export type { EndorsedKey, SignedHead, VerifySignature } from '../../domain/proof/tree-head.js';
export { endorsedKey, isSigned, signedHead, textOfEndorsement } from '../../domain/proof/tree-head.js';

/** The key that tree heads are signed with. Ed25519. */
export type AuditKey = {
  /** In lower-case hexadecimal. */
  readonly publicKey: string;
  /** Of the text as UTF-8, in lower-case hexadecimal. */
  readonly sign: (text: string) => string;
  /** This key and those before it, oldest first. */
  readonly keys: readonly EndorsedKey[];
};

/**
 * Where signed heads are kept: neither in the log, which they are about, nor among the read models, which can be lost and
 * made again. A signature cannot be made again. Entries are only added: there is no way to take one back.
 */
export interface HeadBook {
  /** Every head of a log, whichever node signed it: the smallest tree first, of one tree the earliest. */
  heads(log: string): Promise<readonly SignedHead[]>;
  /**
   * `true`: it is durable. `false`: nothing was added, for the book holds others than the `known` heads, which its signer
   * has compared it with.
   */
  add(head: SignedHead, known: readonly SignedHead[]): Promise<boolean>;
}
