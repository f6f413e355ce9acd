import type { Outcome } from '../../kernel/handle.js';
import type { Refusal } from '../../kernel/refusal.js';
import { isRefusal } from '../../kernel/refusal.js';
import type { ImportPlan, PlannedCommand, PlannedRow } from './plan.js';

/** DONE: something was written. UNCHANGED: it was so already. REFUSED: at commit. ERROR: at preview, nothing was tried. */
export const rowResults = ['DONE', 'UNCHANGED', 'REFUSED', 'ERROR'] as const;
export type RowResult = {
  readonly line: number;
  readonly result: (typeof rowResults)[number];
  readonly problem?: Refusal;
};

/** `handle` with the actor filled in. */
export type Carry = (command: PlannedCommand) => Promise<Outcome | Refusal>;

/**
 * The second step: carries the rows out one by one, each by itself. It may be broken off and run again: what was done
 * is not done twice.
 */
export async function commitImport(
  plan: ImportPlan,
  carry: Carry,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  for (const row of plan.rows) {
    results.push(await commitRow(row, carry));
    onProgress(results.length, plan.rows.length);
  }
  return results;
}

async function commitRow({ line, problem, commands }: PlannedRow, carry: Carry): Promise<RowResult> {
  if (problem) return { line, result: 'ERROR', problem };
  let written = false;
  for (const command of commands) {
    const outcome = await carry(command);
    if (!isRefusal(outcome)) written ||= outcome.events.length > 0 && !outcome.repeated;
    // Somebody has registered it since the preview: what is left of the row still holds.
    else if (outcome.refused !== 'ALREADY_EXISTS') return { line, result: 'REFUSED', problem: outcome };
  }
  return { line, result: written ? 'DONE' : 'UNCHANGED' };
}
