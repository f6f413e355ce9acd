import type { CaseState, NewEvent } from '../../src/domain/kernel/aggregate.js';
import type { Audience } from '../../src/domain/kernel/event.js';
import type { Refusal } from '../../src/domain/kernel/refusal.js';
import { isRegionCode } from '../../src/domain/kernel/region.js';
import { evolve } from '../../src/domain/kernel/registry.js';
import type { ViewerClass } from '../../src/domain/kernel/visibility.js';
import { wuji } from '../../src/domain/wuji.js';
import type { Case } from './world.js';

const viewerClasses: readonly ViewerClass[] = ['public', 'follower', 'participant', 'office'];
export type Law = 'decides once' | 'folds' | 'survives JSON' | 'audience' | 'refusals';
type Example = { readonly event: NewEvent; readonly after: CaseState };

/** What the walks have seen: how far they came, and every law that did not hold, with where to find it again. */
export class Findings {
  /** The step that the walk is at; a violation names it. */
  at = '';
  readonly accepted = new Map<string, number>();
  private readonly tries = new Map<string, number>();
  /** One event of each type, the first. */
  readonly examples = new Map<string, Example>();
  /** By action: how often each code refused it. */
  private readonly refusals = new Map<string, Map<string, number>>();
  readonly broken: { readonly law: Law; readonly what: string; readonly at: string }[] = [];
  /** By category, status before and type: events that a case in this state has had. */
  private readonly emitted = new Map<string, Map<string, NewEvent>>();

  tried(action: string): void {
    this.tries.set(action, (this.tries.get(action) ?? 0) + 1);
  }

  /** The smaller, the more there is still to see of the action. */
  rarity(action: string): number {
    return (this.accepted.get(action) ?? 0) * 20 + (this.tries.get(action) ?? 0);
  }

  accept(action: string): void {
    this.accepted.set(action, (this.accepted.get(action) ?? 0) + 1);
  }

  emit(event: NewEvent, category: string, status: string, after: CaseState): void {
    if (!this.examples.has(event.type)) this.examples.set(event.type, { event, after });
    const key = `${category} ${status}`;
    const known = this.emitted.get(key) ?? new Map<string, NewEvent>();
    this.emitted.set(key, known.set(event.type, event));
  }

  /** The events that other cases had in the same status must fold here too, whatever is filled and what is not. */
  foldOthers({ category, state }: Case): void {
    const aggregate = wuji.aggregate(category);
    for (const [type, { data }] of this.emitted.get(`${category} ${state.status}`) ?? [])
      if (!aggregate.events[type]?.opens)
        evolve(aggregate, state, { id: 'other', type, data, effectiveAt: '2026-03-02T02:00:00.000Z' });
  }

  /** Whether it ran without an error; else the law is broken. */
  holds(law: Law, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.broken.push({ law, what: error instanceof Error ? error.message : String(error), at: this.at });
      return false;
    }
  }

  audience(audience: Audience): void {
    this.holds('audience', () => {
      for (const [tag, viewer] of Object.entries(audience)) {
        if (!isKnownTag(tag)) throw new Error(`unknown tag ${tag}`);
        if (!viewerClasses.includes(viewer)) throw new Error(`${tag} has class ${viewer}`);
      }
    });
  }

  refused(action: string, refusal: Refusal): void {
    const codes = this.refusals.get(action) ?? new Map<string, number>();
    this.refusals.set(action, codes.set(refusal.refused, (codes.get(refusal.refused) ?? 0) + 1));
    this.holds('refusals', () => {
      if (!wuji.refusals[refusal.refused]) throw new Error(`${refusal.refused} is in no table of the registry`);
      const open = [...refusal.message, ...refusal.next].find((text) => /\{\w+\}|undefined|\[object/.test(text));
      if (open) throw new Error(`${refusal.refused} leaves a gap in its text: ${open}`);
    });
  }

  /** What stood in the way of an action that was never accepted: `closeCase: 12 WRONG_STATE, 3 INVALID_INPUT`. */
  obstacles(action: string): string {
    const codes = [...(this.refusals.get(action) ?? [])].sort(([, a], [, b]) => b - a).slice(0, 4);
    return `${action}: ${codes.map(([code, times]) => `${times} ${code}`).join(', ') || 'never tried'}`;
  }

  /** The first few violations of a law, to be read in a failing test. */
  against(law: Law): readonly string[] {
    const found = this.broken.filter((one) => one.law === law).map(({ what, at }) => `${what}\n    at ${at}`);
    return found.length > 5 ? [...found.slice(0, 5), `and ${found.length - 5} more`] : found;
  }
}

/** The forms that `tagsOf` gives to viewers: a tag of another form would reach nobody. */
export function isKnownTag(tag: string): boolean {
  if (tag === 'public') return true;
  const [kind, of = '', ...rest] = tag.split(':');
  if (rest.length > 0) return false;
  switch (kind) {
    case 'person':
    case 'mandate':
    case 'post':
    case 'organ':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(of);
    case 'office':
    case 'audit':
    case 'government':
    case 'deputies':
      return isRegionCode(of);
    default:
      return false;
  }
}
