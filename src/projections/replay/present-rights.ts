import { classIn } from '../../domain/kernel/actor.js';
import type { Audience } from '../../domain/kernel/event.js';
import { narrowest } from '../../domain/kernel/visibility.js';
import type { CaseRow } from '../kernel/case-model.js';
import type { ReadStore, ReadView } from '../kernel/ports.js';

/**
 * A past read store as holders of `tags` may see it now. Of a case they see what they could see then, and no more than
 * they may see now; a case that is not theirs any more is there for nobody, whatever they were to it. Counters name no
 * case and stay as they were. `cases`: the tables whose rows are cases.
 */
export const underPresentRights = (
  past: Pick<ReadStore, 'snapshot'>,
  present: ReadView,
  cases: ReadonlySet<string>,
  tags: readonly string[],
): Pick<ReadStore, 'snapshot'> => ({
  snapshot: (read) => past.snapshot((view) => read(narrowed(view, present, cases, tags))),
});

function narrowed(past: ReadView, present: ReadView, cases: ReadonlySet<string>, tags: readonly string[]): ReadView {
  async function rows(table: string, keys: readonly string[]): Promise<readonly unknown[]> {
    const found = await past.rows(table, keys);
    if (!cases.has(table)) return found;
    const now = (await present.rows(table, keys)) as readonly (CaseRow | undefined)[];
    return found.map((row, i) => row && underNow(row as CaseRow, now[i], tags));
  }
  return { ...past, rows, row: async (table, key) => (await rows(table, [key]))[0] };
}

function underNow(then: CaseRow, now: CaseRow | undefined, tags: readonly string[]): CaseRow {
  const before = classIn(then.audience, tags);
  const present = now && classIn(now.audience, tags);
  const [tag] = tags;
  const audience: Audience = before && present && tag !== undefined ? { [tag]: narrowest(before, present) } : {};
  return { ...then, audience };
}
