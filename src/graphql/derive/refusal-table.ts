import type { RefusalTable } from '../../domain/kernel/refusal.js';
import { liveRefusals } from '../live/cursor.js';
import { apiRefusals } from '../refusals.js';
import type { Definitions } from '../services.js';
import type { Operations } from './classes.js';
import { instance, objectType } from './classes.js';
import type { Kit } from './kit.js';

/** Every code that a client can meet, by name. */
export function refusalTable({ registry, refusals = [] }: Definitions): RefusalTable {
  const all = Object.assign({}, registry.refusals, apiRefusals.table, liveRefusals.table, ...refusals) as RefusalTable;
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function deriveRefusalTable({ names, Text, textOf }: Kit, definitions: Definitions): Operations {
  const type = objectType(names.claim('RefusalText'), 'A code of refusal. `{name}` stands for a parameter. 拒绝代码', {
    code: { type: () => String },
    message: { type: () => Text },
    next: { type: () => Text, description: 'What to do next. 后续建议' },
  });
  const rows = Object.entries(refusalTable(definitions)).map(([code, { message, next }]) =>
    instance(type, { code, message: textOf(message), next: textOf(next) }),
  );
  return {
    refusals: {
      type: () => [type],
      description: 'Every code that `errors.extensions.code` can have. 拒绝代码表',
      resolve: () => rows,
    },
  };
}
