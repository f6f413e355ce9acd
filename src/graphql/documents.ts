import { createHash } from 'node:crypto';
import type { DocumentNode } from 'graphql';
import { forgetOldest } from '../domain/kernel/forget-oldest.js';
import type { Refusal } from '../domain/kernel/refusal.js';
import { apiRefusals } from './refusals.js';

/** A request as any of the doors is given it: a text, or the hash of one in either of the two usual places. */
export type AskedDocument = {
  readonly query?: unknown;
  /** GraphQL over HTTP's draft for persisted documents; `sha256:` before it is let pass. */
  readonly documentId?: unknown;
  /** Apollo's: `{ persistedQuery: { version: 1, sha256Hash } }`. */
  readonly extensions?: unknown;
};

/** Texts by their hash: nothing else is run. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** Documents that have been parsed and found good, by the SHA-256 of their text: the same for every caller. */
export type KnownDocuments = {
  get(hash: string): DocumentNode | undefined;
  keep(hash: string, document: DocumentNode): void;
  /** `undefined`: any good document is run. */
  readonly trusted: TrustedDocuments | undefined;
  /** The text to run. Without an allow-list: the one that was sent, if any. */
  textOf(asked: AskedDocument): string | Refusal;
};

/** SHA-256 in hex, as Apollo's clients give it. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Clients send the same ones again and again. */
const documentsKept = 500;

/** Of those that are not trusted the ones used last are kept; of those that are, all. */
export function knownDocuments(trusted?: TrustedDocuments): KnownDocuments {
  const known = new Map<string, DocumentNode>();
  const forGood = new Map<string, DocumentNode>();
  return {
    trusted,
    get(hash) {
      const lasting = forGood.get(hash);
      if (lasting) return lasting;
      const present = known.get(hash);
      if (!present) return undefined;
      known.delete(hash);
      known.set(hash, present);
      return present;
    },
    keep(hash, document) {
      if (trusted?.has(hash)) {
        forGood.set(hash, document);
        return;
      }
      known.set(hash, document);
      forgetOldest(known, documentsKept);
    },
    textOf(asked) {
      const sent = typeof asked.query === 'string' ? asked.query : '';
      if (!trusted) return sent;
      const text = trusted.get(sent === '' ? namedHash(asked) : hashOf(sent));
      return text ?? apiRefusals.UNTRUSTED_DOCUMENT();
    },
  };
}

function namedHash({ documentId, extensions }: AskedDocument): string {
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '').toLowerCase();
  const { persistedQuery } = (extensions ?? {}) as { readonly persistedQuery?: { readonly sha256Hash?: unknown } };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? hash.toLowerCase() : '';
}
