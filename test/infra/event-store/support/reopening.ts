import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '../../../../src/domain/kernel/ports.js';
import { type EmbeddedOptions, openEmbeddedEventStore } from '../../../../src/infra/event-store/embedded.js';

/** The embedded event store in a folder of its own, as the contract wants it. */
export const reopening = (options: Omit<EmbeddedOptions, 'folder'>) => async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-log-'));
  let current: EventStore = await openEmbeddedEventStore({ folder, ...options });
  return {
    store: current,
    close: async () => {
      await current.close();
      await rm(folder, { recursive: true });
    },
    reopen: async () => {
      await current.close();
      current = await openEmbeddedEventStore({ folder, ...options });
      return current;
    },
  };
};
