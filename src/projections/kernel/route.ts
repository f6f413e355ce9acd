import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { RowChange, Table } from './table.js';

/** Which of the tables an event may concern: worked out once for each kind of event. */
export type Route = { readonly tables: readonly Table[]; readonly of: (event: RecordedEvent) => readonly number[] };

export function createRoute(tables: readonly Table[]): Route {
  const known = new Map<string, Map<string, readonly number[]>>();

  function concerned(type: string, category: string): readonly number[] {
    return tables.flatMap(({ model: { concerns } }, i) => {
      if (!concerns) return [];
      return ('types' in concerns ? concerns.types.has(type) : concerns.category === category) ? [i] : [];
    });
  }

  return {
    tables,
    of({ type, stream }) {
      let byCategory = known.get(type);
      if (!byCategory) {
        byCategory = new Map();
        known.set(type, byCategory);
      }
      const category = stream.slice(0, stream.indexOf('-'));
      let found = byCategory.get(category);
      if (!found) {
        found = concerned(type, category);
        byCategory.set(category, found);
      }
      return found;
    },
  };
}

/** Folds a batch into all tables, in one pass. `changes`, when given, gets those of each event, in the order of the tables. */
export async function foldBatch(
  { tables, of }: Route,
  batch: readonly RecordedEvent[],
  changes?: readonly RowChange[][],
): Promise<void> {
  const places = tables.map((): number[] => []);
  for (const [i, event] of batch.entries()) for (const table of of(event)) places[table]?.push(i);
  for (const [i, table] of tables.entries()) {
    const own = table.model.concerns ? places[i] : undefined;
    if (own?.length === 0) table.pass(batch);
    else await table.fold(batch, own, changes);
  }
}
