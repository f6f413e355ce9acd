import { isSealed } from '../../kernel/personal.js';
import { kernelRefusals } from '../../kernel/refusals.js';
import { organ } from '../organ.js';
import { person } from '../person.js';
import { registerRefusals } from '../refusals.js';
import { importColumns } from './columns.js';
import type { ImportLookup } from './lookup.js';
import type { PlannedCommand, RowPlanner } from './plan.js';
import { importRefusals as refusals } from './refusals.js';
import { named } from './table.js';

const columns = importColumns.posts;

/** Assigns people to posts; whoever is not in the register yet is registered where the organ is. */
export function postRows(lookup: ImportLookup): RowPlanner<typeof columns> {
  const lines = new Map<string, number>();
  const people = new Map<string, { line: number; name: string }>();

  return async ({ personCode, name, organCode, role }, line) => {
    const key = `${personCode} ${organCode} ${role}`;
    const first = lines.get(key);
    if (first !== undefined) return refusals.DUPLICATE_ROW({ line: first });
    const before = people.get(personCode);
    if (before && before.name !== name) return refusals.ROWS_DISAGREE({ ...named(columns.name), line: before.line });

    const organId = lookup.idFor(organ.category, organCode);
    const office = (await lookup.organ(organId))?.state;
    if (office?.status !== 'ACTIVE') return registerRefusals.UNKNOWN_ORGAN();
    const { region } = office;
    if (!lookup.inCharge(region)) return registerRefusals.NOT_YOUR_REGION({ region });

    const personId = lookup.idFor(person.category, personCode);
    const holder = (await lookup.person(personId))?.state;
    const registered = holder?.name;
    if (isSealed(registered)) return kernelRefusals.PERSONAL_DATA_ERASED();
    if (registered !== undefined && registered !== name) return refusals.NAME_DIFFERS({ registered });
    lines.set(key, line);
    people.set(personCode, before ?? { line, name });

    const same = (await lookup.posts(personId)).filter((post) => post.organ === organId && post.role === role);
    if (same.some((post) => post.status === 'HELD')) return { state: 'UNCHANGED', commands: [] };
    const commands: PlannedCommand[] = [];
    if (!holder)
      commands.push({
        action: 'registerPerson',
        input: { code: personCode, name, region },
        commandId: `import person ${personCode}`,
      });
    commands.push({
      action: 'assignPost',
      input: { person: personId, organ: organId, role },
      // Somebody who comes back to a post that he or she has left gets a new one.
      commandId: `import post ${key} after ${same.length}`,
    });
    return { state: 'NEW', commands };
  };
}
