import type { KeyVault, KeyWrapper } from './key-vault.js';
import { check } from './open.js';

/** Every key wrapped by the newest master key. It may be broken off and run again, and keys may be made meanwhile. */
export async function rotateKeys(vault: KeyVault, wrapper: KeyWrapper): Promise<{ rewrapped: number; kept: number }> {
  const counts = { rewrapped: 0, kept: 0 };
  for await (const [name, entry] of vault.entries()) {
    if ('destroyedAt' in entry || wrapper.isCurrent(entry.wrapped)) {
      counts.kept++;
      continue;
    }
    const key = await wrapper.unwrap(name, entry.wrapped);
    // `false`: it was destroyed, or wrapped anew by another, since it was listed.
    if (await vault.rewrap(name, entry.wrapped, await wrapper.wrap(name, key))) counts.rewrapped++;
  }
  return counts;
}

type Kept = { readonly vault: KeyVault; readonly wrapper: KeyWrapper };

/**
 * Each key wrapped by the target's own master key. What was destroyed stays so in the target, whatever it held. Done again,
 * it copies what has come since. A target with other keys of the same names belongs to another log: nothing is written.
 */
export async function copyKeys(from: Kept, to: Kept): Promise<{ copied: number; destroyed: number } | 'other keys'> {
  for await (const [name, entry] of from.vault.entries()) {
    const there = await to.vault.get(name);
    if (name === check || 'destroyedAt' in entry || !there || 'destroyedAt' in there) continue;
    const [own, other] = [await from.wrapper.unwrap(name, entry.wrapped), await to.wrapper.unwrap(name, there.wrapped)];
    if (!own.equals(other)) return 'other keys';
  }
  const counts = { copied: 0, destroyed: 0 };
  for await (const [name, entry] of from.vault.entries()) {
    if ('destroyedAt' in entry) {
      await to.vault.destroy(name, entry.destroyedAt);
      counts.destroyed++;
    } else if (name !== check) {
      await to.vault.add(name, await to.wrapper.wrap(name, await from.wrapper.unwrap(name, entry.wrapped)));
      counts.copied++;
    }
  }
  return counts;
}
