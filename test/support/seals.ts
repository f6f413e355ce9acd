import type { Registry } from '../../src/domain/kernel/registry.js';
import type { Seals } from '../../src/domain/kernel/seal-ports.js';
import { wuji } from '../../src/domain/wuji.js';
import { createPersonal } from '../../src/graphql/personal.js';
import type { KeyEntry, KeyVault } from '../../src/infra/seals/key-vault.js';
import { createMasterKey } from '../../src/infra/seals/master-key.js';
import { createSeals } from '../../src/infra/seals/seals.js';

/** A vault that ends with the test. Held to the contract of the others. */
export function memoryVault(): KeyVault {
  const kept = new Map<string, KeyEntry>();
  return {
    get: async (name) => kept.get(name),
    async add(name, wrapped) {
      const entry = kept.get(name) ?? { wrapped };
      kept.set(name, entry);
      return entry;
    },
    async rewrap(name, from, to) {
      const present = kept.get(name);
      if (!present || !('wrapped' in present) || present.wrapped !== from) return false;
      kept.set(name, { wrapped: to });
      return true;
    },
    async destroy(name, at) {
      const present = kept.get(name);
      if (!present || 'wrapped' in present) kept.set(name, { destroyedAt: at });
    },
    async *entries() {
      yield* kept;
    },
    close: async () => {},
  };
}

export const masterKey = (first: number): Buffer =>
  Buffer.from(Array.from({ length: 32 }, (_, i) => (first + i) % 256));

/** Of all houses of a test file: two over one log are two processes with one vault. */
export const testVault = memoryVault();

/** The real seals, under a fixed master key. */
export const sealsOf = (vault: KeyVault = testVault) =>
  createSeals({ vault, wrapper: createMasterKey([masterKey(1)], 'memory'), place: 'memory' });

/** What opens for people, where nobody's data is restricted or erased. */
export const personalOf = (seals: Seals, registry: Registry = wuji) =>
  createPersonal({
    ...{ registry, seals, standings: { of: () => 'OPEN' } },
    onProblem: (problem) => {
      throw problem;
    },
  });
