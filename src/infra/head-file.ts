import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createTurns } from '../projections/kernel/waiting.js';
import type { HeadBook, SignedHead } from '../projections/ledger/ports.js';
import { isSigned, signedHead } from '../projections/ledger/ports.js';
import { verifyText } from './ed25519.js';
import { sha256 } from './sha256.js';

/**
 * Signed heads in a file, one a line (JSON), only ever added to and flushed. A line that a power cut has torn is passed
 * over, for it was never acknowledged; what it said is signed again. A line that was changed is an error that names it.
 */
export function headFile(path: string): HeadBook {
  const inTurn = createTurns();
  const read: Lines = new Map();
  const heads = async (log: string) => inOrder((await readHeads(path, read)).filter((head) => head.log === log));
  return {
    heads,
    add: (head, known) =>
      inTurn(async () => {
        if ((await heads(head.log)).length !== known.length) return false;
        await appendHead(path, head);
        return true;
      }),
  };
}

/** The smallest tree first, of one tree the earliest; each head once. */
export function inOrder(heads: readonly SignedHead[]): readonly SignedHead[] {
  const each = new Map(heads.map((head) => [head.signature, head]));
  return [...each.values()].sort((a, b) => a.size - b.size || (a.time < b.time ? -1 : 1));
}

/** One head has one form. */
export const lineOf = (head: SignedHead): string => JSON.stringify(signedHead.parse(head));

/** Resolves when it is on the disk. */
export async function appendHead(path: string, head: SignedHead): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    // A line begins on its own, whatever a torn one before it has left.
    const { size } = await file.stat();
    await file.appendFile(`${size === 0 || (await endsLine(path, size)) ? '' : '\n'}${lineOf(head)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Lines whose signature was found right: it is checked once. */
type Lines = Map<string, SignedHead>;

/** In the order in which they were written; none when there is no file. */
export async function readHeads(path: string, known: Lines = new Map()): Promise<SignedHead[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line, index) => {
    if (!isWhole(line)) return [];
    const head = known.get(line) ?? headIn(line);
    if (!head) throw new Error(`line ${index + 1} of ${path} is no signed head: it was changed`);
    known.set(line, head);
    return [head];
  });
}

/** `undefined`: nobody has signed this. */
export function headIn(line: string): SignedHead | undefined {
  try {
    const head = signedHead.parse(JSON.parse(line));
    return isSigned(sha256, verifyText, head) ? head : undefined;
  } catch {
    return undefined;
  }
}

/** A head is one flat object: what a power cut has left of its line does not end as one. */
const isWhole = (line: string): boolean => line.endsWith('}');

async function endsLine(path: string, size: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await file.close();
  }
}
