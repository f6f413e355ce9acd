import type { KeyName, PersonalCategory } from '../../domain/kernel/personal.js';
import type { DataSubject } from '../../domain/support/data-subject/state.js';
import { dataSubjectModel } from '../cases/data-subject.js';
import type { CaseRow } from '../kernel/case-model.js';
import type { ReadStore } from '../kernel/ports.js';
import type { Committed } from '../kernel/projector-types.js';
import { query } from '../kernel/query.js';
import { keysUnder } from '../reactors/scan.js';

type Narrowed = {
  readonly revision: number;
  readonly restricted: boolean;
  readonly erased: readonly PersonalCategory[];
};

/**
 * Whose data may not be shown, in memory on every node: it is asked for each personal field. What is ordered to be
 * erased counts as erased from the order on.
 */
export function createStandings(reads: ReadStore) {
  const bySubject = new Map<string, Narrowed>();

  function take({ revision, state }: CaseRow<DataSubject>): boolean {
    const before = bySubject.get(state.subject);
    if (before && before.revision >= revision) return false;
    const restricted = state.status === 'RESTRICTED';
    const erased = [...state.ordered, ...state.erased];
    if (restricted || erased.length > 0 || before) bySubject.set(state.subject, { revision, restricted, erased });
    return restricted !== (before?.restricted ?? false) || erased.length !== (before?.erased.length ?? 0);
  }

  return {
    of({ subject, category }: KeyName): 'OPEN' | 'RESTRICTED' | 'ERASED' {
      const found = bySubject.get(subject);
      if (found?.erased.includes(category)) return 'ERASED';
      return found?.restricted ? 'RESTRICTED' : 'OPEN';
    },
    /** From the read store; what was taken from commits meanwhile is newer and stays. */
    async load(): Promise<void> {
      const ids = await keysUnder(reads, dataSubjectModel, 'byStanding', ['narrowed']);
      for (const row of await query(reads, dataSubjectModel).rows(ids)) if (row) take(row);
    },
    /** Answers whose standing has changed. */
    apply({ steps }: Committed): readonly string[] {
      const changed = new Set<string>();
      for (const { changes } of steps)
        for (const { model, after } of changes) {
          if (model !== dataSubjectModel.name || !after) continue;
          const row = after as CaseRow<DataSubject>;
          if (take(row)) changed.add(row.state.subject);
        }
      return [...changed];
    },
  };
}
export type Standings = ReturnType<typeof createStandings>;
