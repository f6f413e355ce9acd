import { join } from 'node:path';
import type { EventStore } from '../domain/kernel/ports.js';
import { wuji } from '../domain/wuji.js';
import { scratchStores } from '../infra/read-store/scratch.js';
import { boardModels, boardTables } from '../projections/boards/index.js';
import { caseModels } from '../projections/cases/index.js';
import { createMoments } from '../projections/replay/moments.js';
import { createPast } from '../projections/replay/past.js';
import type { Node } from './node.js';

/** What was recorded when, and the read models as they were. */
export function openPast({ settings, closing }: Pick<Node, 'settings' | 'closing'>, events: EventStore) {
  const past = createPast({
    ...{ events, registry: wuji },
    models: [...caseModels, ...boardModels].filter(({ name }) => boardTables.has(name)),
    openScratch: scratchStores(join(settings.dataDir, 'past'), events.epoch),
  });
  closing.push(() => past.close());
  return { moments: createMoments(events), past };
}
