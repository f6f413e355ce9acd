import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { buildProgram } from './build.js';

/** A program that works on a log in a process of its own. */
export const childPath = (name: string): string => join(import.meta.dirname, '../infra/event-store/children', name);

/** A process that appends without end, and prints a line for each acknowledgement; its death is awaited with `ended`. */
export async function startAppender(folder: string, round: number, segmentBytes?: number) {
  const sizes = segmentBytes === undefined ? [] : [String(segmentBytes)];
  const args = [childPath('appender.mjs'), await buildProgram(), folder, String(round), ...sizes];
  const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void writer.kill('SIGKILL'));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => writer.once('close', (_, signal) => resolve(signal)));
  return { writer, ended, lines: createInterface({ input: writer.stdout }) };
}
