import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals } from '../domain/kernel/refusal.js';
import type { Settings } from './config.js';

export const trustedRefusals = defineRefusals({
  TRUSTED_DOCUMENTS_UNREADABLE: {
    message: [
      'The trusted documents in {file} cannot be read ({problem}).',
      '无法读取可信文档清单{file}（{problem}）。',
    ],
    next: [
      'Name a JSON file with WUJI_TRUSTED_DOCUMENTS: the SHA-256 of each document, and its text.',
      '请将WUJI_TRUSTED_DOCUMENTS设为JSON文件，内容为各文档的SHA-256与原文。',
    ],
  },
});

const shape = z.record(z.string().regex(/^[0-9a-f]{64}$/), z.string().min(1));

/** Texts by their SHA-256; `undefined`: the settings name no list. A refusal here ends the start of the process. */
export async function readTrustedDocuments({
  trustedDocuments: file,
}: Pick<Settings, 'trustedDocuments'>): Promise<Readonly<Record<string, string>> | Refusal | undefined> {
  if (file === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    return trustedRefusals.TRUSTED_DOCUMENTS_UNREADABLE({ file, problem: problemOf(error) });
  }
}

function problemOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => [...path, message].join(': ')).join(', ');
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
