import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HeadBook, SignedHead } from '../projections/ledger/ports.js';
import { signedHead } from '../projections/ledger/ports.js';

/**
 * Signed heads in a file, one a line (JSON), only ever added to and flushed. A line that a power cut has torn is passed
 * over, for it was never acknowledged; what it said is signed again. A line that was changed is an error that names it.
 */
export function headFile(path: string): HeadBook {
  return {
    async newest(log) {
      return (await readHeads(path)).findLast((head) => head.log === log);
    },
    async add(head) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a', 0o600);
      try {
        // A line begins on its own, whatever a torn one before it has left.
        const { size } = await file.stat();
        await file.appendFile(`${size === 0 || (await endsLine(path, size)) ? '' : '\n'}${JSON.stringify(head)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** In the order in which they were signed; none when there is no file. */
export async function readHeads(path: string): Promise<SignedHead[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line, index) => {
    if (!isWhole(line)) return [];
    try {
      return [signedHead.parse(JSON.parse(line))];
    } catch (cause) {
      throw new Error(`line ${index + 1} of ${path} is no signed head: it was changed`, { cause });
    }
  });
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
