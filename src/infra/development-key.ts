import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CryptoKey } from 'jose';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import type { Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals } from '../domain/kernel/refusal.js';
import { asStoreUnavailable } from './store-unavailable.js';

export const developmentKeyRefusals = defineRefusals({
  DEVELOPMENT_KEY_UNREADABLE: {
    message: ['The development key {path} is damaged.', '开发密钥{path}已损坏。'],
    next: [
      'Delete the file; the next start makes a new one, and tokens of the old one end.',
      '请删除该文件；下次启动将生成新密钥，旧令牌随之失效。',
    ],
  },
});

/** Ed25519. `id` is the thumbprint of the public key. */
export type DevelopmentKey = { readonly id: string; readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };

const stored = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });

/** The new file appears whole or not at all, and the first of two processes wins. */
export async function writeOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** `undefined`: damaged, whether it is no JSON, no key of this kind or no point on the curve. */
async function keyOf(text: string): Promise<DevelopmentKey | undefined> {
  try {
    const { d, ...publicJwk } = stored.parse(JSON.parse(text));
    return {
      id: await calculateJwkThumbprint(publicJwk),
      privateKey: await importJWK({ ...publicJwk, d }, 'EdDSA'),
      publicKey: await importJWK(publicJwk, 'EdDSA'),
    };
  } catch {
    return undefined;
  }
}

/**
 * The key pair in `<dataDir>/keys/development.json`, made at the first call; only the owner can read it. Rejects with
 * `StoreUnavailable` when the folder cannot be read or written.
 */
export async function developmentKey(dataDir: string): Promise<DevelopmentKey | Refusal> {
  const folder = join(dataDir, 'keys');
  const path = join(folder, 'development.json');
  const text = await textOf(folder, path).catch((error: unknown) => {
    throw asStoreUnavailable(dataDir, error);
  });
  return (await keyOf(text)) ?? developmentKeyRefusals.DEVELOPMENT_KEY_UNREADABLE({ path });
}

async function textOf(folder: string, path: string): Promise<string> {
  const present = await readIfThere(path);
  if (present !== undefined) return present;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  await writeOnce(path, JSON.stringify(await exportJWK(privateKey)));
  return readFile(path, 'utf8');
}
