import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { forgetOldest } from '../../domain/kernel/forget-oldest.js';
import type { KeyName, Sealed } from '../../domain/kernel/personal.js';
import { personalCategories } from '../../domain/kernel/personal.js';
import type { Opened, Seals } from '../../domain/kernel/seal-ports.js';
import type { KeyEntry, KeyVault, KeyWrapper } from './key-vault.js';
import { VaultUnavailable } from './keys-unavailable.js';

type Keys = { readonly seal: Buffer; readonly iv: Buffer };
const nameOf = ({ subject, category }: KeyName): string => `${subject}.${category}`;
const [IV, TAG] = [12, 16];

/**
 * AES-256-GCM. Subject, category, event and field are associated data: a ciphertext that was moved does not open. The
 * nonce follows from the key, the place and the text (as in SIV): the same is the same bytes, and no two texts share one.
 * The newest `capacity` keys are kept in memory.
 */
export function createSeals(options: {
  readonly vault: KeyVault;
  readonly wrapper: KeyWrapper;
  readonly place: string;
  readonly capacity?: number;
}): Seals {
  const { vault, wrapper, place, capacity = 10_000 } = options;
  const kept = new Map<string, Keys>();
  /** Grows with each `forget`: what was asked for before it is not kept. */
  let forgotten = 0;

  async function keysOf(name: string, found: KeyEntry | undefined, since: number): Promise<Keys | 'ERASED'> {
    if (!found) throw new VaultUnavailable('lost', place);
    if ('destroyedAt' in found) return 'ERASED';
    const keys = derived(await wrapper.unwrap(name, found.wrapped));
    if (since === forgotten) {
      kept.set(name, keys);
      forgetOldest(kept, capacity);
    }
    return keys;
  }
  async function made(name: string): Promise<KeyEntry> {
    const present = await vault.get(name);
    return present ?? vault.add(name, await wrapper.wrap(name, randomBytes(32)));
  }

  return {
    async seal(key, at, text) {
      const name = nameOf(key);
      const since = forgotten;
      const keys = kept.get(name) ?? (await keysOf(name, await made(name), since));
      return keys === 'ERASED' ? keys : sealWith(keys, key, at, text);
    },
    open(sealed) {
      const name = nameOf(sealed);
      const keys = kept.get(name);
      if (keys) return opened(keys, sealed);
      const since = forgotten;
      return vault.get(name).then(async (found) => opened(await keysOf(name, found, since), sealed));
    },
    async destroy(subject, categories, at) {
      for (const category of categories) await vault.destroy(nameOf({ subject, category }), at);
      this.forget(subject);
    },
    forget(subject) {
      forgotten++;
      for (const category of personalCategories) kept.delete(nameOf({ subject, category }));
    },
  };

  function opened(keys: Keys | 'ERASED', sealed: Sealed): Opened {
    if (keys === 'ERASED') return keys;
    try {
      return { text: openWith(keys, sealed) };
    } catch (cause) {
      throw new VaultUnavailable('damaged', place, cause);
    }
  }
}

function derived(key: Buffer): Keys {
  const of = (use: string) => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `wuji ${use}`, 32));
  return { seal: of('seal'), iv: of('iv') };
}

/** JSON, so that no two lists of parts read alike. */
const placeOf = ({ subject, category }: KeyName, at: string): Buffer =>
  Buffer.from(JSON.stringify([subject, category, at]));

function sealWith(keys: Keys, { subject, category }: KeyName, at: string, text: string): Sealed {
  const aad = placeOf({ subject, category }, at);
  const iv = createHmac('sha256', keys.iv).update(aad).update('\0').update(text).digest().subarray(0, IV);
  const cipher = createCipheriv('aes-256-gcm', keys.seal, iv).setAAD(aad);
  const bytes = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { sealed: bytes.toString('base64url'), subject, category, at };
}

function openWith(keys: Keys, { sealed, at, ...key }: Sealed): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keys.seal, bytes.subarray(0, IV), { authTagLength: TAG });
  decipher.setAAD(placeOf(key, at)).setAuthTag(bytes.subarray(-TAG));
  return Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()]).toString('utf8');
}
