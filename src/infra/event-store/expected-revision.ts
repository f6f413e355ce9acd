import type { ExpectedRevision } from '../../domain/kernel/ports.js';

/** What is known of a stream when a writer wants to append. */
export type StreamView = {
  /** The last revision; -1: there is no such stream. */
  readonly last: number;
  idAt(revision: number): string | undefined;
  /** The revision in this stream of a recently written event. */
  recently(id: string): number | undefined;
};

export type Verdict =
  /** Write, the first event at this revision. */
  | { readonly is: 'append'; readonly revision: number }
  /** All stand there already, the last at this revision. */
  | { readonly is: 'already'; readonly revision: number }
  | { readonly is: 'conflict' }
  | { readonly is: 'corrupted' };

/**
 * EventStoreDB's rule (IndexWriter.CheckCommit). At the expected revision: append, even an id that is known. Before
 * the end of the stream: the ids decide whether it is a retry. Without a revision only recent ids can be recognised.
 */
export function judge(stream: StreamView, ids: readonly string[], expected: ExpectedRevision): Verdict {
  if (expected === 'stream_exists' && stream.last < 0) return { is: 'conflict' };
  if (expected === 'any' || expected === 'stream_exists') return judgeByRecentIds(stream, ids);
  const base = expected === 'no_stream' ? -1 : expected;
  if (base === stream.last) return { is: 'append', revision: base + 1 };
  if (base > stream.last) return { is: 'conflict' };
  const differs = ids.findIndex((id, index) => stream.idAt(base + 1 + index) !== id);
  if (differs === -1) return { is: 'already', revision: base + ids.length };
  return differs === 0 ? { is: 'conflict' } : { is: 'corrupted' };
}

function judgeByRecentIds(stream: StreamView, ids: readonly string[]): Verdict {
  const known = ids.map((id) => stream.recently(id));
  const [first] = known;
  if (first === undefined) return { is: 'append', revision: stream.last + 1 };
  const last = known.at(-1);
  if (last === undefined || known.includes(undefined)) return { is: 'corrupted' };
  return { is: 'already', revision: last };
}
