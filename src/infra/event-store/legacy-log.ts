import { open } from 'lmdb';

/**
 * Reads a log of format 1, where LMDB held the events themselves:
 *
 *   meta     'format' | 'epoch'    → string
 *   events   sequence from 1       → JSON [revision, stream, recordedAt, [id, type, version, effectiveAt, meta, data]]
 */
export type LegacyLog = {
  readonly epoch: string;
  readonly head: number;
  /** Up to `limit` events from a sequence on. `json`: as format 2 stores it too. */
  page(from: number, limit: number): { readonly sequence: number; readonly json: string }[];
  close(): Promise<void>;
};

/** `undefined`: what is there is of another format. */
export async function openLegacyLog(path: string): Promise<LegacyLog | undefined> {
  const env = open<string, string>({ path, noSubdir: false, maxDbs: 5, encoding: 'string' });
  const meta = env.openDB<string, string>({ name: 'meta', encoding: 'string' });
  const epoch = meta.get('epoch');
  if (meta.get('format') !== '1' || epoch === undefined) {
    await env.close();
    return undefined;
  }
  const events = env.openDB<string, number>({ name: 'events', encoding: 'string' });
  return {
    epoch,
    head: [...events.getKeys({ reverse: true, limit: 1 })][0] ?? 0,
    page: (start, limit) =>
      [...events.getRange({ start, limit })].map(({ key, value }) => ({ sequence: key, json: value })),
    close: () => env.close(),
  };
}
