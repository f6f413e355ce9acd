import { createHash } from 'node:crypto';
import type { DocumentNode } from 'graphql';
import type { Refusal } from '../domain/kernel/refusal.js';
import { leanDocument } from './lean-document.js';
import { apiRefusals } from './refusals.js';

/** A request as any of the doors is given it: a text, or the hash of one in either of the two usual places. */
export type AskedDocument = {
  readonly query?: unknown;
  /** GraphQL over HTTP's draft for persisted documents; `sha256:` before it is let pass. */
  readonly documentId?: unknown;
  /** Apollo's `{ persistedQuery: { version: 1, sha256Hash } }`, or as graphql-ws has it `{ persistedQuery: sha256Hash }`. */
  readonly extensions?: unknown;
};

/** Texts by their hash: nothing else is run. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** A text to run, and the SHA-256 by which it is known. */
export type NamedText = { readonly text: string; readonly hash: string };

/**
 * The one store of documents that have been parsed and found good, by the SHA-256 of their text: the same for every
 * caller and at every door.
 */
export type KnownDocuments = {
  get(hash: string): DocumentNode | undefined;
  /** Takes a document as it was parsed, with its text. What is returned is what `get` finds from now on. */
  keep(hash: string, document: DocumentNode): DocumentNode;
  /** `undefined`: any good document is run. */
  readonly trusted: TrustedDocuments | undefined;
  /** The text to run. Without an allow-list: the one that was sent, if any. */
  find(asked: AskedDocument): NamedText | Refusal;
  /** How many are kept now. */
  readonly size: number;
  /** Since the start. A miss is parsed and validated. */
  readonly counts: { readonly hits: number; readonly misses: number };
};

/** SHA-256 in hex, as Apollo's clients give it. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Characters of all texts that are kept though no list names them; parsed they take some 60 bytes each, 30 MB on the whole. */
const mostCharacters = 2 ** 19;
/** What a document takes beside its text, in characters of it. */
const overhead = 250;
/** Nobody sends a longer one again and again. */
const longestKept = 10_000;

/** Of those that are not trusted the ones used last are kept; of those that are, all. */
export function knownDocuments(trusted?: TrustedDocuments): KnownDocuments {
  const forGood = new Map<string, DocumentNode>();
  const lately = new Map<string, { readonly document: DocumentNode; readonly weight: number }>();
  const counts = { hits: 0, misses: 0 };
  let weight = 0;

  function forget(hash: string): void {
    weight -= lately.get(hash)?.weight ?? 0;
    lately.delete(hash);
  }

  function present(hash: string): DocumentNode | undefined {
    const lasting = forGood.get(hash);
    if (lasting) return lasting;
    const found = lately.get(hash);
    if (!found) return undefined;
    lately.delete(hash);
    lately.set(hash, found);
    return found.document;
  }

  return {
    trusted,
    counts,
    get size() {
      return forGood.size + lately.size;
    },
    get(hash) {
      const document = present(hash);
      counts[document ? 'hits' : 'misses']++;
      return document;
    },
    keep(hash, document) {
      const length = document.loc?.source.body.length ?? 0;
      const listed = trusted?.has(hash) ?? false;
      if (!listed && length > longestKept) return document;
      const lean = leanDocument(document);
      if (listed) {
        forGood.set(hash, lean);
        return lean;
      }
      forget(hash);
      lately.set(hash, { document: lean, weight: length + overhead });
      weight += length + overhead;
      for (const oldest of lately.keys()) {
        if (weight <= mostCharacters) break;
        forget(oldest);
      }
      return lean;
    },
    find(asked) {
      const sent = typeof asked.query === 'string' ? asked.query : '';
      const hash = sent === '' && trusted ? namedHash(asked) : hashOf(sent);
      const text = trusted ? trusted.get(hash) : sent;
      return text === undefined ? apiRefusals.UNTRUSTED_DOCUMENT() : { text, hash };
    },
  };
}

function namedHash({ documentId, extensions }: AskedDocument): string {
  if (typeof documentId === 'string') return documentId.replace(/^sha256:/, '').toLowerCase();
  const { persistedQuery } = (extensions ?? {}) as { readonly persistedQuery?: unknown };
  // graphql-ws writes the hash alone, Apollo an object around it.
  const { sha256Hash: hash } = Object(
    typeof persistedQuery === 'string' ? { sha256Hash: persistedQuery } : persistedQuery,
  );
  return typeof hash === 'string' ? hash.toLowerCase() : '';
}
