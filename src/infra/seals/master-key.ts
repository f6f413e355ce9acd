import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { defineRefusals } from '../../domain/kernel/refusal.js';
import type { KeyWrapper } from './key-vault.js';
import { VaultUnavailable } from './keys-unavailable.js';

const make = [
  'Make one: openssl rand -base64 32. Keep it where neither the log nor the key vault is kept.',
  '生成方法：openssl rand -base64 32。请将其与日志和密钥库分开保存。',
] as const;

export const masterKeyRefusals = defineRefusals({
  MASTER_KEY_MISSING: {
    message: [
      'Production needs a master key for personal data: neither WUJI_MASTER_KEY nor WUJI_MASTER_KEY_FILE is set.',
      '生产模式须设置个人信息主密钥：WUJI_MASTER_KEY与WUJI_MASTER_KEY_FILE均未设置。',
    ],
    next: make,
  },
  MASTER_KEY_WEAK: {
    message: [
      'A master key is 32 random bytes in base64; one of {source} is not.',
      '主密钥应为32个随机字节的base64编码，{source}中有不符合的。',
    ],
    next: make,
  },
  MASTER_KEY_OTHER: {
    message: ['The key vault at {place} was made with another master key.', '密钥库（{place}）由另一主密钥建立。'],
    next: [
      'Give the master key that it was made with; to change it, put the new one in the line above it (docs/privacy.md).',
      '请提供原主密钥；如需更换，请将新密钥写在其上一行（见docs/privacy.md）。',
    ],
  },
});

const length = 32;
/** Chance gives 32 bytes of fewer kinds about never. */
const leastKinds = 16;

/** Of text: one key a line, the newest first; the others only open what they have wrapped. */
export function masterKeysOf(text: string, source: string): readonly Buffer[] | Refusal {
  const keys = text.split(/[\s,]+/).filter((line) => line !== '');
  const read = keys.map((key) => (/^[A-Za-z0-9+/]{43}=$/.test(key) ? Buffer.from(key, 'base64') : Buffer.alloc(0)));
  const weak = read.some((key) => key.length !== length || new Set(key).size < leastKinds);
  return weak || read.length === 0 ? masterKeyRefusals.MASTER_KEY_WEAK({ source }) : read;
}

const [IV, TAG] = [12, 16];

/** The master keys in this process: AES-256-GCM, the name as associated data. `place`: for what goes wrong. */
export function createMasterKey(keys: readonly Buffer[], place: string): KeyWrapper {
  const byId = new Map(keys.map((key) => [idOf(key), key]));
  const [current] = byId.keys();
  if (current === undefined) throw new RangeError('no master key');
  const split = (wrapped: string) => /^m1\.([0-9a-f]{16})\.([\w-]+)$/.exec(wrapped) ?? [];

  return {
    async wrap(name, key) {
      const iv = randomBytes(IV);
      const cipher = createCipheriv('aes-256-gcm', byId.get(current) ?? Buffer.alloc(0), iv);
      cipher.setAAD(Buffer.from(name));
      const bytes = Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
      return `m1.${current}.${bytes.toString('base64url')}`;
    },
    async unwrap(name, wrapped) {
      const [, id = '', text = ''] = split(wrapped);
      const key = byId.get(id);
      if (!key) throw new VaultUnavailable(id === '' ? 'damaged' : 'other_master_key', place);
      const bytes = Buffer.from(text, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV), { authTagLength: TAG });
        decipher.setAAD(Buffer.from(name));
        decipher.setAuthTag(bytes.subarray(-TAG));
        return Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()]);
      } catch (cause) {
        throw new VaultUnavailable('damaged', place, cause);
      }
    },
    isCurrent: (wrapped) => split(wrapped)[1] === current,
  };
}

/** Tells keys apart and says nothing of them. */
const idOf = (key: Buffer): string => createHmac('sha256', key).update('wuji master key').digest('hex').slice(0, 16);
