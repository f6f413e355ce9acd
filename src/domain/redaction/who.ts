import type { Official, OrganKind } from '../kernel/actor.js';
import { officialWho, supervisedKinds } from '../kernel/actor.js';
import type { CaseState } from '../kernel/aggregate.js';

/** The office that looks after deputies' work at its level: committee, presidium, or the street's work organ. */
export const redactingOffices: readonly OrganKind[] = ['DWC', 'PRES', 'STW'];

/** Whoever answers deputies may have published something. Whether it was this one, the case says. */
export const publishingOrgan = officialWho(
  ['the organ that released the text', '公开单位'],
  ({ organKind, role }) => supervisedKinds.includes(organKind) && role !== 'expert', // who acts for no organ released none
);

/** What an organ released itself, it may take back itself: by category, the field and whose it is. */
const released: Readonly<Record<string, { field: string; by(state: unknown): string | undefined }>> = {
  suggestion: {
    field: 'publication',
    by: (state) => (state as { readonly openness: { readonly organ: string } | null }).openness?.organ,
  },
};

/** Each congress looks after its own cases (P1). An expert acts for no organ. */
export function mayRedact(by: Official, category: string, state: CaseState, field: string): boolean {
  if (by.role === 'expert') return false;
  if (redactingOffices.includes(by.organKind)) return by.region === state.region;
  const own = released[category];
  return own !== undefined && field.split('.')[0] === own.field && own.by(state) === by.organ;
}
