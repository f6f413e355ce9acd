import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../domain/kernel/ports.js';
import type { Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals, isRefusal } from '../domain/kernel/refusal.js';
import type { AuditKey, EndorsedKey } from '../projections/ledger/ports.js';
import { endorsedKey, textOfEndorsement } from '../projections/ledger/ports.js';
import type { Settings } from './config.js';
import { publicKeyOf, signText } from './ed25519.js';
import { flushFolder } from './folder-lock.js';

export const auditKeyRefusals = defineRefusals({
  AUDIT_KEY_MISSING: {
    message: [
      'Production needs the key that tree heads are signed with: there is no file {path}.',
      '生产模式须有签署存证树头的密钥：文件{path}不存在。',
    ],
    next: [
      'Make it once with `wuji audit key`, publish the fingerprint that it prints, and give every node the same file (WUJI_AUDIT_KEY). If there was one, restore it from a backup.',
      '请用 `wuji audit key` 生成一次，公布其打印的指纹，并使各节点使用同一文件（WUJI_AUDIT_KEY）。如原已有密钥，请从备份恢复。',
    ],
  },
  AUDIT_KEY_UNREADABLE: {
    message: ['The audit key {path} cannot be used ({reason}).', '无法使用存证密钥{path}（{reason}）。'],
    next: [
      'Restore the file from a backup. Without it `wuji audit key` makes a new key that the old one does not vouch for.',
      '请从备份恢复该文件。否则只能用 `wuji audit key` 生成新密钥，而旧密钥不为其背书。',
    ],
  },
});

/** `private`: PKCS #8 in PEM; of the last of `keys`. The private keys before it are gone. */
const keyFile = z.strictObject({ private: z.string(), keys: z.array(endorsedKey).min(1) });
type KeyFile = z.infer<typeof keyFile>;

/** `undefined`: there is no such file. */
export async function readAuditKey(path: string): Promise<AuditKey | Refusal | undefined> {
  try {
    return keyOf(keyFile.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === 'ENOENT') return undefined;
    return auditKeyRefusals.AUDIT_KEY_UNREADABLE({ path, reason: code ?? 'damaged' });
  }
}

/** The key of a server. In development it is made at the first start; in production only `wuji audit key` makes one. */
export async function openAuditKey(
  { mode, dataDir, auditKey }: Pick<Settings, 'mode' | 'dataDir' | 'auditKey'>,
  clock: Clock,
): Promise<AuditKey | Refusal> {
  const path = auditKeyPath({ dataDir, auditKey });
  const present = await readAuditKey(path);
  if (present !== undefined) return present;
  return mode === 'production'
    ? auditKeyRefusals.AUDIT_KEY_MISSING({ path })
    : renewAuditKey(path, clock.now().toISOString());
}

export const auditKeyPath = ({ dataDir, auditKey }: Pick<Settings, 'dataDir' | 'auditKey'>): string =>
  auditKey ?? join(dataDir, 'keys', 'audit.json');

/** Makes the first key, or a new one that the present one vouches for. The file is exchanged whole, for its owner alone. */
export async function renewAuditKey(path: string, now: string): Promise<AuditKey | Refusal> {
  const present = await readAuditKey(path);
  if (isRefusal(present)) return present;
  const { privateKey } = generateKeyPairSync('ed25519');
  const about = { publicKey: publicKeyOf(privateKey), since: now };
  const next: EndorsedKey = {
    ...about,
    endorsement: present ? { publicKey: present.publicKey, signature: present.sign(textOfEndorsement(about)) } : null,
  };
  const file: KeyFile = {
    private: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    keys: [...(present?.keys ?? []), next],
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await rename(draft, path);
  await flushFolder(dirname(path));
  return keyOf(file);
}

function keyOf({ private: pem, keys }: KeyFile): AuditKey {
  const key = createPrivateKey(pem);
  const publicKey = publicKeyOf(key);
  if (key.asymmetricKeyType !== 'ed25519' || keys.at(-1)?.publicKey !== publicKey) throw new Error('damaged');
  return { publicKey, sign: (text) => signText(key, text), keys };
}
