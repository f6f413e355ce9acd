import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { Sealed } from '../../domain/kernel/personal.js';
import { isSealed } from '../../domain/kernel/personal.js';
import type { Seals } from '../../domain/kernel/seal-ports.js';
import type { LocalDate } from '../../domain/kernel/working-days.js';
import { addDays } from '../../domain/kernel/working-days.js';
import { dataSubject } from '../../domain/support/data-subject/data-subject.js';
import { dataSubjectModel } from '../cases/data-subject.js';
import { personModel } from '../cases/registry.js';
import type { ReadView } from '../kernel/ports.js';
import { query } from '../kernel/query.js';
import type { Reactor } from '../kernel/reactor.js';
import { defineReactor } from '../kernel/reactor.js';
import type { DueCommand } from '../kernel/scheduler.js';
import { keysUnder, rowOf } from './scan.js';

/** What follows from decisions about personal data (domain.md §6). */
export function privacyReactors(seals: Seals): readonly Reactor[] {
  const inClear = async (value: string | Sealed | null): Promise<string | null | undefined> => {
    if (!isSealed(value)) return value;
    const opened = await seals.open(value);
    return opened === 'ERASED' ? undefined : opened.text;
  };

  /** The key first, then the record of it: after a crash in between it is destroyed again, which changes nothing. */
  const erasure = defineReactor({
    name: 'erasure',
    from: [dataSubject],
    on: {
      ErasureOrdered: async ({ stream, data, effectiveAt }) => {
        await seals.destroy(data.subject, data.categories, effectiveAt);
        const { id } = refOfStream(stream);
        return [{ action: 'recordErasure', id, input: { categories: data.categories } }];
      },
    },
  });

  /** A corrected name reaches the register; contact data is corrected where it stands. */
  const correction = defineReactor({
    name: 'correction',
    from: [dataSubject],
    on: {
      CorrectionApplied: async ({ data: { field, identity, subject } }, { view }) => {
        const person = await rowOf(view, personModel, subject);
        const corrected = await inClear(identity);
        if (!person || typeof corrected !== 'string') return [];
        const [name, nameMn] = [await inClear(person.state.name), await inClear(person.state.nameMn)];
        if (name === undefined || nameMn === undefined) return []; // erased since
        const input = field === 'NAME' ? { name: corrected, nameMn } : { name, nameMn: corrected };
        return [{ action: 'renamePerson', id: subject, input }];
      },
    },
  });
  return [erasure, correction];
}

/** Restrictions whose last day is over: they hold back nothing any more, and nobody has to remember them. */
export async function restrictionsDue(today: LocalDate, view: ReadView): Promise<readonly DueCommand[]> {
  const ids = await keysUnder(view, dataSubjectModel, 'byUntil', [], addDays(today, -1));
  const rows = await query(view, dataSubjectModel).rows(ids);
  return rows.flatMap((row) => {
    const until = row?.state.restriction?.until;
    return row && until
      ? [
          {
            action: 'expireRestriction',
            id: row.id,
            input: { until },
            commandId: `restriction of ${row.id} until ${until}`,
          },
        ]
      : [];
  });
}
