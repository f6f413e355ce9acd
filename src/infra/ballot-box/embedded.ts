import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BallotBox } from '../../domain/ballots/ports.js';
import { flushFolder } from '../folder-lock.js';
import { asStoreUnavailable, StoreUnavailable } from '../store-unavailable.js';
import { newSalt, receiptOfMark, sealingOf } from './sealing.js';

const boxShape = z.strictObject({
  box: z.uuid(),
  salt: z.string(),
  shut: z.boolean(),
  /** Both sorted: each begins with what is as good as chance. */
  marks: z.array(z.string()),
  ballots: z.array(z.string()),
});
type Box = z.infer<typeof boxShape>;
/** `undefined`: there is none, or none any more. */
type Work = (box: Box | undefined) => Box | undefined;

/**
 * Boxes in a folder, one small file each, for one process. A database would be faster and would tell more: what it
 * writes anew it leaves beside what was (LMDB its old pages, a journal its lines), and from these the order of both
 * halves can be read. Here each change replaces the whole file, sorted; those who vote in the same moment go in together.
 */
export function openEmbeddedBallotBox(options: {
  readonly folder: string;
  readonly key?: string | undefined;
}): BallotBox {
  const { folder, key } = options;
  const fileOf = (ballot: string) => join(folder, `${z.uuid().parse(ballot)}.box`);
  type Waiting = { readonly work: Work; done(box: Box | undefined): void; failed(error: unknown): void };
  const queues = new Map<string, Waiting[]>();

  /** Resolves to the box after `work`, when that is on the disk. */
  function change(ballot: string, work: Work): Promise<Box | undefined> {
    return new Promise((done, failed) => {
      const waiting = queues.get(ballot);
      if (waiting) return void waiting.push({ work, done, failed });
      queues.set(ballot, [{ work, done, failed }]);
      void drain(ballot);
    });
  }

  async function drain(ballot: string): Promise<void> {
    for (;;) {
      const waiting = queues.get(ballot)?.splice(0) ?? [];
      if (waiting.length === 0) break;
      try {
        const before = await readBox(fileOf(ballot));
        let after = before;
        for (const { work } of waiting) after = work(after);
        if (after === undefined && before) await destroyFile(fileOf(ballot));
        else if (after && after !== before) await replaceFile(folder, fileOf(ballot), JSON.stringify(after));
        for (const { done } of waiting) done(after);
      } catch (error) {
        for (const { failed } of waiting) failed(asStoreUnavailable(folder, error));
      }
    }
    queues.delete(ballot);
  }
  const look = (ballot: string): Promise<Box | undefined> => change(ballot, (box) => box);

  return {
    async make(ballot) {
      const made = await change(
        ballot,
        (box) => box ?? { box: randomUUID(), salt: newSalt(), shut: false, marks: [], ballots: [] },
      );
      if (!made) throw new Error('a box was destroyed while it was made');
      return made.box;
    },
    async cast({ ballot, box: id, voter, content }) {
      let cast: Awaited<ReturnType<BallotBox['cast']>> = 'lost';
      await change(ballot, (box) => {
        if (box?.box !== id) return box;
        const { mark, seal } = sealingOf(key, box.salt, ballot);
        const own = mark(voter);
        cast = box.shut ? 'shut' : box.marks.includes(own) ? 'again' : { receipt: receiptOfMark(own) };
        if (typeof cast === 'string') return box;
        return { ...box, marks: [...box.marks, own].sort(), ballots: [...box.ballots, seal(content)].sort() };
      });
      return cast;
    },
    async receiptOf({ ballot, box: id, voter }) {
      const box = await look(ballot);
      if (box?.box !== id) return undefined;
      const own = sealingOf(key, box.salt, ballot).mark(voter);
      return box.marks.includes(own) ? receiptOfMark(own) : undefined;
    },
    async shut(ballot, id) {
      const box = await change(ballot, (found) => (found?.box === id ? { ...found, shut: true } : found));
      if (box?.box !== id) return undefined;
      const { open: unseal } = sealingOf(key, box.salt, ballot);
      return { ballots: box.ballots.map(unseal), receipts: box.marks.map(receiptOfMark).sort() };
    },
    async destroy(ballot) {
      await change(ballot, () => undefined);
      await rm(draftOf(fileOf(ballot)), { force: true });
    },
  };
}

const draftOf = (file: string): string => `${file}.new`;

async function readBox(file: string): Promise<Box | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = boxShape.safeParse(parseJson(text));
  // Without the cause: it could quote what lies in the box.
  if (!parsed.success) throw new StoreUnavailable('unknown_format', file);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The new file takes the place of the old one whole, and only when it is on the disk. */
async function replaceFile(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = await open(draftOf(file), 'w', 0o600);
  try {
    await draft.writeFile(text);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(draftOf(file), file);
  await flushFolder(folder);
}

/** Written over before it is let go; what the disk itself keeps of older files is out of reach (docs/ballots.md). */
async function destroyFile(file: string): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  try {
    await handle.write(Buffer.alloc(size, ' '), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(file);
}
