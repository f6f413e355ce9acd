import type { z } from 'zod';
import type { Refusal } from '../../kernel/refusal.js';
import { isRefusal } from '../../kernel/refusal.js';
import { hasCongress, isKnownRegion } from '../divisions.js';
import { inLine, mandate, seatKey } from '../mandate.js';
import { person } from '../person.js';
import { registerRefusals } from '../refusals.js';
import type { RowOf } from './columns.js';
import { importColumns } from './columns.js';
import type { ImportLookup } from './lookup.js';
import type { PlannedCommand, RowPlanner } from './plan.js';
import { importRefusals as refusals } from './refusals.js';
import { named } from './table.js';

const columns = importColumns.deputies;
type Row = RowOf<typeof columns>;
type Person = z.infer<typeof person.state>;
type Mandate = z.infer<typeof mandate.state>;
/** What the good rows so far say about one person. */
type Known = { readonly line: number; readonly name: string; nameMn: string | null; readonly congresses: string[] };

/** Registers people and their mandates: one row per mandate, so one person may stand in several rows. */
export function deputyRows(lookup: ImportLookup): RowPlanner<typeof columns> {
  const seats = new Map<string, number>();
  const people = new Map<string, Known>();

  return async (row, line) => {
    const { code, name, region } = row;
    const wrongPlace = placeProblem(region, lookup);
    if (wrongPlace) return wrongPlace;
    const before = people.get(code);
    const disagreement = before && disagreementOf(before, row);
    if (disagreement) return disagreement;

    const personId = lookup.idFor(person.category, code);
    const seat = { person: personId, region, term: row.term };
    const first = seats.get(seatKey(seat));
    if (first !== undefined) return refusals.DUPLICATE_ROW({ line: first });
    const holder = await lookup.person(personId);
    const mandateId = lookup.idFor(mandate.category, seatKey(seat));
    const held = await lookup.mandate(mandateId);
    const changes = held ? changesOf(row, mandateId, held) : registration(row, seat, holder?.state, before);
    if (isRefusal(changes)) return changes;

    const known = before ?? { line, name, nameMn: row.nameMn, congresses: [] };
    known.nameMn ??= row.nameMn;
    known.congresses.push(region);
    people.set(code, known);
    seats.set(seatKey(seat), line);
    // Every row of a new person registers the person, under one commandId: so no row depends on another.
    const naming = holder ? (before ? [] : renaming(row, personId, holder)) : [registeringPerson(row)];
    if (held) {
      const commands = [...naming, ...changes];
      return { state: commands.length > 0 ? 'CHANGED' : 'UNCHANGED', commands };
    }
    return { state: 'NEW', commands: [...naming, ...changes] };
  };
}

function placeProblem(region: string, lookup: ImportLookup): Refusal | undefined {
  if (!isKnownRegion(region)) return registerRefusals.UNKNOWN_REGION({ region });
  if (!hasCongress(region)) return registerRefusals.NO_CONGRESS_HERE({ region });
  return lookup.inCharge(region) ? undefined : registerRefusals.NOT_YOUR_REGION({ region });
}

function disagreementOf(before: Known, { name, nameMn }: Row): Refusal | undefined {
  if (before.name !== name) return refusals.ROWS_DISAGREE({ ...named(columns.name), line: before.line });
  return before.nameMn !== null && nameMn !== null && before.nameMn !== nameMn
    ? refusals.ROWS_DISAGREE({ ...named(columns.nameMn), line: before.line })
    : undefined;
}

/** Electoral Law art. 48 holds for the mandates in the register and for those of the same file. */
function registration(
  row: Row,
  seat: { person: string; region: string; term: number },
  holder: Person | undefined,
  before: Known | undefined,
): readonly PlannedCommand[] | Refusal {
  const congresses = (holder?.mandates ?? []).filter((m) => !m.ended).map((m) => m.congress);
  const elsewhere = [...congresses, ...(before?.congresses ?? [])].find((congress) => !inLine(congress, row.region));
  if (elsewhere !== undefined)
    return registerRefusals.REGIONS_NOT_SUBORDINATE({ region: elsewhere, asked: row.region });
  const input = { ...seat, constituency: row.constituency, confirmedOn: row.confirmedOn };
  return [{ action: 'registerMandate', input, commandId: `import mandate ${row.code} ${row.region} ${row.term}` }];
}

function changesOf(
  row: Row,
  id: string,
  { state, revision }: { readonly state: Mandate; readonly revision: number },
): readonly PlannedCommand[] | Refusal {
  if (state.status === 'ENDED') return refusals.SEAT_ENDED();
  for (const key of ['constituency', 'confirmedOn'] as const) {
    const open = key === 'confirmedOn' && state.status === 'ELECTED';
    if (row[key] !== null && row[key] !== state[key] && !open)
      return refusals.CANNOT_CHANGE({ ...named(columns[key]), registered: state[key] ?? '' });
  }
  if (row.confirmedOn === null || state.status !== 'ELECTED') return [];
  const commandId = `import confirmation ${row.code} ${row.region} ${row.term} at ${revision}`;
  return [{ action: 'confirmQualification', id, input: { on: row.confirmedOn }, commandId }];
}

const registeringPerson = ({ code, name, nameMn, region }: Row): PlannedCommand => ({
  action: 'registerPerson',
  input: { code, name, nameMn, region },
  commandId: `import person ${code}`,
});

/** The revision in the commandId: going back to an earlier name later is another command. */
function renaming(
  { code, name, nameMn }: Row,
  id: string,
  { state, revision }: { readonly state: Person; readonly revision: number },
): readonly PlannedCommand[] {
  if (state.name === name && (nameMn === null || nameMn === state.nameMn)) return [];
  const input = { name, nameMn: nameMn ?? state.nameMn };
  return [{ action: 'renamePerson', id, input, commandId: `import person name ${code} at ${revision}` }];
}
