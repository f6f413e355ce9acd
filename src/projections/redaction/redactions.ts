import type { Hidden } from '../../domain/kernel/hidden.js';
import { wordsOf } from '../../domain/kernel/hidden.js';
import type { Loader } from '../../domain/kernel/load.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { textsAt } from '../../domain/kernel/texts.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { sees } from '../../domain/kernel/visibility.js';
import type { GroundName } from '../../domain/redaction/grounds.js';
import { groundOf } from '../../domain/redaction/grounds.js';
import type { Redaction } from '../../domain/redaction/redaction.js';
import { redactionModel } from '../cases/redaction.js';
import type { CaseRow } from '../kernel/case-model.js';
import type { ReadStore } from '../kernel/ports.js';
import type { Committed } from '../kernel/projector-types.js';
import { query } from '../kernel/query.js';
import { keysUnder } from '../reactors/scan.js';

/** What everybody who may see the case is told: that something is hidden, where, by which rule, when, by which organ. */
export type Trace = {
  readonly id: string;
  readonly field: string;
  readonly seen: number;
  readonly passage: boolean;
  readonly ground: GroundName;
  readonly organ: string;
  readonly since: string;
};
/** In force. `texts`: what it hides, read from the log; `undefined` as long as nobody knows. */
type InForce = { readonly trace: Trace; readonly state: Redaction; texts: readonly string[] | undefined };

/** What the output asks of the redactions in force. */
export interface Redactions {
  /** What of the case may not be shown to this class; `undefined`: nothing is hidden from it. */
  hiddenFrom(caseId: string, shown: ViewerClass): Hidden | undefined;
  /** All that are in force, with what each hides from this class. */
  of(caseId: string, shown: ViewerClass): readonly { readonly trace: Trace; readonly hides: Hidden }[];
}

export type RedactionsDeps = {
  readonly reads: ReadStore;
  readonly loader: Pick<Loader, 'loadAt'>;
  readonly registry: Registry;
  /** More or less is hidden than a moment ago: what was written out before is not to be sent any more. */
  readonly onChanged: () => void;
  readonly onProblem: (problem: unknown) => void;
};

/**
 * The redactions in force, in memory on every node: each value that goes out is held against them. The words themselves
 * are read from the log. Until they are known, and for as long as they cannot be read, no text of the case is shown.
 */
export function createRedactions({ reads, loader, registry, onChanged, onProblem }: RedactionsDeps) {
  const byCase = new Map<string, Map<string, InForce>>();
  const lifted = new Set<string>();
  let position: string | undefined;

  /** Whether it changes what is hidden. */
  function take({ id, state }: Pick<CaseRow<Redaction>, 'id' | 'state'>): boolean {
    const ofCase = byCase.get(state.target) ?? new Map<string, InForce>();
    if (state.status !== 'IN_FORCE') {
      lifted.add(id);
      const gone = ofCase.delete(id);
      if (ofCase.size === 0) byCase.delete(state.target);
      return gone;
    }
    if (ofCase.has(id) || lifted.has(id)) return false;
    const { field, seen, passage, ground, organ, since } = state;
    const made: InForce = {
      trace: { ...{ id, field, seen, ground, organ, since }, passage: passage !== null },
      ...{ state, texts: undefined },
    };
    byCase.set(state.target, ofCase.set(id, made));
    read(made);
    return true;
  }

  const reading = new Map<InForce, Promise<void>>();
  /** One that fails is tried again when somebody asks. */
  function read(one: InForce): void {
    if (reading.has(one)) return;
    const done = textsOf(one.state)
      .then((texts) => {
        one.texts = texts;
        onChanged();
      })
      .catch(onProblem)
      .finally(() => reading.delete(one));
    reading.set(one, done);
  }

  async function textsOf({ kind, target, seen, field, passage }: Redaction): Promise<readonly string[]> {
    const { state } = await loader.loadAt({ category: kind, id: target }, { revision: seen });
    const words = textsAt(registry.aggregate(kind).state, state, field).map(wordsOf);
    if (!passage) return [...new Set(words)];
    return words.map((text) => [...text].slice(passage.from, passage.to).join(''));
  }

  async function load(): Promise<void> {
    const before = [...byCase.values()].flatMap((ofCase) => [...ofCase.values()]);
    const ids = await keysUnder(reads, redactionModel, 'inForce', ['all']);
    const rows = await query(reads, redactionModel).rows(ids);
    const standing = new Set(ids);
    for (const { trace, state } of before)
      if (!standing.has(trace.id)) take({ id: trace.id, state: { ...state, status: 'LIFTED' } });
    for (const row of rows) if (row) take(row);
    onChanged();
  }

  function hides(one: InForce, shown: ViewerClass): Hidden {
    const { originalFor } = groundOf(one.state.ground);
    if (originalFor && sees(shown, originalFor)) return [];
    if (!one.texts) read(one);
    return one.texts ?? 'all';
  }

  return {
    hiddenFrom(caseId: string, shown: ViewerClass): Hidden | undefined {
      const ofCase = byCase.get(caseId);
      if (!ofCase) return undefined;
      const texts: string[] = [];
      for (const one of ofCase.values()) {
        const hidden = hides(one, shown);
        if (hidden === 'all') return 'all';
        texts.push(...hidden);
      }
      return texts.length > 0 ? texts : undefined;
    },
    of: (caseId: string, shown: ViewerClass) =>
      [...(byCase.get(caseId)?.values() ?? [])].map((one) => ({ trace: one.trace, hides: hides(one, shown) })),
    /** From the read store. Resolves when it is known of each what it hides, or that it cannot be read now. */
    async load(): Promise<void> {
      await load();
      await Promise.all(reading.values());
    },
    /** From a commit, in the turn in which it is known. After a gap the read store is asked. */
    apply({ steps, from, position: to }: Committed): void {
      const gap = position !== undefined && from !== position;
      position = to;
      let changed = false;
      for (const { changes } of steps)
        for (const { model, after } of changes)
          if (model === redactionModel.name && after) changed = take(after as CaseRow<Redaction>) || changed;
      if (changed) onChanged();
      if (gap) load().catch(onProblem);
    },
  };
}
