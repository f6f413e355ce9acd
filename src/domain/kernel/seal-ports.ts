import type { KeyName, PersonalCategory, Sealed } from './personal.js';
import type { Bilingual } from './refusal.js';

/** The key vault cannot be reached or read. Nothing was recorded. `text`: what is wrong and what the operator can do. */
export abstract class KeysUnavailable extends Error {
  abstract readonly text: Bilingual;
}

/** `ERASED`: the key is destroyed, and so is the text, wherever it lies. */
export type Opened = { readonly text: string } | 'ERASED';

/** Seals personal data and opens it again. The contract is `test/contract/key-vault.contract.ts`, over each vault. */
export interface Seals {
  /**
   * The same text at the same place gives the same bytes, so that a retry proposes the same event. `ERASED`: this
   * subject's data was erased, and no more of it is taken. Rejects with `KeysUnavailable`.
   */
  seal(key: KeyName, at: string, text: string): Promise<Sealed | 'ERASED'>;
  /** At once when the key is at hand. Throws or rejects with `KeysUnavailable`. */
  open(sealed: Sealed): Opened | Promise<Opened>;
  /** Destroys keys for good. Resolves when no node can be given them again; another node may still hold one in memory. */
  destroy(subject: string, categories: readonly PersonalCategory[], at: string): Promise<void>;
  /** Drops the subject's keys from this process's memory. */
  forget(subject: string): void;
}
