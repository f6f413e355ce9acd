import { isKnownRegion } from '../divisions.js';
import { organ } from '../organ.js';
import { registerRefusals } from '../refusals.js';
import { importColumns } from './columns.js';
import type { ImportLookup } from './lookup.js';
import type { RowPlanner } from './plan.js';
import { importRefusals as refusals } from './refusals.js';
import { named } from './table.js';

const columns = importColumns.organs;

/** Registers organs, and renames those whose name has changed. */
export function organRows(lookup: ImportLookup): RowPlanner<typeof columns> {
  const lines = new Map<string, number>();

  return async (row, line) => {
    const { code, name, nameMn, kind, region } = row;
    const first = lines.get(code);
    if (first !== undefined) return refusals.DUPLICATE_ROW({ line: first });
    if (!isKnownRegion(region)) return registerRefusals.UNKNOWN_REGION({ region });
    if (!lookup.inCharge(region)) return registerRefusals.NOT_YOUR_REGION({ region });
    const id = lookup.idFor(organ.category, code);
    const found = await lookup.organ(id);
    if (!found) {
      lines.set(code, line);
      const input = { code, region, kind, name, nameMn };
      return { state: 'NEW', commands: [{ action: 'registerOrgan', input, commandId: `import organ ${code}` }] };
    }
    const { state, revision } = found;
    if (state.status !== 'ACTIVE') return registerRefusals.UNKNOWN_ORGAN();
    if (state.kind !== kind) return refusals.CANNOT_CHANGE({ ...named(columns.kind), registered: state.kind });
    if (state.region !== region) return refusals.CANNOT_CHANGE({ ...named(columns.region), registered: state.region });
    lines.set(code, line);
    if (state.name === name && (nameMn === null || nameMn === state.nameMn))
      return { state: 'UNCHANGED', commands: [] };
    const input = { name, nameMn: nameMn ?? state.nameMn };
    // The revision: going back to an earlier name later is another command.
    const commandId = `import organ name ${code} at ${revision}`;
    return { state: 'CHANGED', commands: [{ action: 'renameOrgan', id, input, commandId }] };
  };
}
