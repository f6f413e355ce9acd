import { z } from 'zod';
import type { Ref } from '../../domain/kernel/aggregate.js';
import { streamOf } from '../../domain/kernel/aggregate.js';
import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { Hash, Sha256 } from '../../domain/kernel/event-hash.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { CaseFile, ProvenEvent } from '../../domain/proof/case-file.js';
import { stored, textOfSeal } from '../../domain/proof/case-file.js';
import { leafOf } from '../../domain/proof/leaf.js';
import type { Tree } from '../../domain/proof/merkle.js';
import type { EndorsedKey, SignedHead } from '../../domain/proof/tree-head.js';
import type { ReadStore } from '../kernel/ports.js';
import type { Pause } from '../kernel/waiting.js';
import { pause } from '../kernel/waiting.js';
import type { Trace } from '../redaction/redactions.js';
import type { Heads } from './heads.js';
import type { AuditKey } from './ports.js';
import { proofsFrom } from './proofs.js';
import { ledgerRefusals } from './refusals.js';

export type Consistency = { readonly from: Tree; readonly to: Tree; readonly path: readonly Hash[] };

/** What auditors can ask for. Who may is not decided here. */
export type Audit = {
  head(): Promise<SignedHead | Refusal>;
  keys(): readonly EndorsedKey[];
  consistency(from: number, to: number): Promise<Consistency | Refusal>;
  /** Every event of a case under one head. What `show` does not let through is proved and not shown. */
  fileOf(ref: Ref, show: (event: RecordedEvent) => Showing | Promise<Showing>): Promise<CaseFile | Refusal>;
};

/** Whether an event is shown, and what hides something in it. */
export type Showing = { readonly isShown: boolean; readonly redactions: readonly Trace[] };

export type AuditDeps = {
  /** The log as it is stored. */
  readonly events: EventStore;
  readonly readStore: ReadStore;
  readonly registry: Registry;
  readonly sha256: Sha256;
  readonly key: AuditKey;
  readonly heads: Heads;
  readonly clock: Clock;
  /** How long a proof waits for the ledger, in ms. */
  readonly waitMs: number;
  readonly pause?: Pause | undefined;
};

export function createAudit(deps: AuditDeps): Audit {
  const { events, readStore, registry, sha256, key, heads, clock, waitMs, pause: wait = pause } = deps;

  /** Another node may be the one that keeps the tree, so it is the read store that is asked. */
  async function isReached(position: Position): Promise<boolean> {
    const never = new AbortController().signal;
    for (let waited = 0; ; waited += 20) {
      const at = (await proofsFrom(readStore, sha256).size()).position;
      if (at !== undefined && at >= position) return true;
      if (waited >= waitMs) return false;
      await wait(20, never);
    }
  }

  async function proven(
    event: RecordedEvent,
    { isShown, redactions }: Showing,
    size: number,
  ): Promise<ProvenEvent | undefined> {
    const proofs = proofsFrom(readStore, sha256);
    const index = await proofs.leafAt(event.position);
    if (index === undefined || index >= size) return undefined;
    return {
      revision: event.revision,
      index,
      ...leafOf(sha256, event),
      path: await proofs.inclusion(index, size),
      event: isShown && redactions.length === 0 ? stored(event) : null,
      redactions: [...redactions],
    };
  }

  return {
    head: async () => {
      const end = await events.head();
      if (end !== undefined && !(await isReached(end))) return ledgerRefusals.LEDGER_NOT_READY();
      return heads.sign();
    },
    keys: () => key.keys,
    consistency: (from, to) =>
      readStore.snapshot(async (view) => {
        const proofs = proofsFrom(view, sha256);
        const { size } = await proofs.size();
        if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= size))
          return ledgerRefusals.NO_SUCH_TREE({ size, asked: Math.max(from, to) });
        return { from: await proofs.tree(from), to: await proofs.tree(to), path: await proofs.consistency(from, to) };
      }),
    async fileOf(ref, show) {
      const history: RecordedEvent[] = [];
      for await (const event of events.readStream(streamOf(ref))) history.push(event);
      const last = history.at(-1);
      if (!last || !(await isReached(last.position))) return ledgerRefusals.LEDGER_NOT_READY();
      const head = await heads.sign();
      if (isRefusal(head)) return head;
      const found: ProvenEvent[] = [];
      for (const event of history) {
        const one = await proven(event, await show(event), head.size);
        if (!one) return ledgerRefusals.LEDGER_NOT_READY();
        found.push(one);
      }
      const [en, zh] = registry.aggregate(ref.category).term;
      const unsealed = {
        format: 'wuji case file 1',
        case: { category: ref.category, id: ref.id, en, zh },
        head,
        events: found,
        types: typesOf(registry, found),
        madeAt: clock.now().toISOString(),
      } as const;
      return { ...unsealed, seal: key.sign(textOfSeal(unsealed)) };
    },
  };
}

function typesOf(registry: Registry, events: readonly ProvenEvent[]): CaseFile['types'] {
  const types = new Set(events.flatMap(({ event }) => event?.type ?? []));
  return Object.fromEntries(
    [...types].flatMap((type) => {
      const definition = registry.events.get(type);
      if (!definition) return [];
      const { version, schema, label } = definition;
      const json: unknown = JSON.parse(
        JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' })),
      );
      return [[type, { en: label[0], zh: label[1], version, schema: z.record(z.string(), z.unknown()).parse(json) }]];
    }),
  );
}
