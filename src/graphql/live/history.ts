import { classIn } from '../../domain/kernel/actor.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { decode } from '../../domain/kernel/registry.js';
import { eventsAt, feedPage } from '../../projections/feeds/feed.js';
import type { CaseModel, CaseRow } from '../../projections/kernel/case-model.js';
import type { ReadStore, ReadView } from '../../projections/kernel/ports.js';
import { findCase } from '../find-case.js';
import type { LiveEvent } from './ring.js';
import type { History } from './subscription.js';

const pageSize = 200;

/** The hub's view of the past: the feed's index, the cases' rows, and the log. */
export function createHistory(deps: {
  readonly store: EventStore;
  readonly reads: ReadStore;
  readonly registry: Registry;
  readonly models: readonly CaseModel[];
}): History {
  const { store, reads, registry } = deps;
  const models = new Map(deps.models.map((model) => [model.name, model]));

  const find = (id: string, view: ReadView = reads) =>
    findCase(models.keys(), async (category) => (await view.row(category, id)) as CaseRow | undefined);

  return {
    epoch: store.epoch,
    head: () => store.head(),

    async ofFeed(tags, after) {
      const page = await reads.snapshot((view) => feedPage(view, 'byTag', tags, { after, limit: pageSize }));
      const events = await eventsAt(store, page.entries);
      return {
        events: events.map((event, i) => ({
          ...{ event: decode(registry, event), case: undefined },
          now: page.entries[i]?.now ?? {},
        })),
        upTo: page.upTo ?? after,
      };
    },

    async ofCase(id, after) {
      const model = models.get((await find(id))?.category ?? '');
      if (!model) return { events: [], upTo: after };
      const events: LiveEvent[] = [];
      let row: CaseRow | undefined;
      let upTo: Position = (await reads.checkpoint(model.name))?.position ?? after;
      for await (const recorded of store.readStream(`${model.name}-${id}`)) {
        const event: RecordedEvent = decode(registry, recorded);
        row = model.fold(row, event, id);
        if (event.position > after) events.push({ event, case: row });
        if (event.position > upTo) upTo = event.position;
      }
      const now = row?.audience ?? {};
      return { events: events.map((event) => ({ ...event, now })), upTo };
    },

    present: (id, tags, at) =>
      reads.snapshot(async (view) => {
        const row = (await find(id, view))?.row;
        const shown = row && classIn(row.audience, tags);
        if (row && shown) return { class: shown, case: row };
        const checkpoints = await Promise.all([...models.keys()].map((name) => view.checkpoint(name)));
        return checkpoints.every((each) => each !== null && each.position >= at) ? undefined : 'behind';
      }),

    revoked(event) {
      const holder = (kind: string) => `${kind}:${refOfStream(event.stream).id}`;
      switch (event.type) {
        case 'MandateSuspended':
          return { holder: holder('mandate'), refusal: kernelRefusals.MANDATE_SUSPENDED() };
        case 'MandateEnded':
          return { holder: holder('mandate'), refusal: kernelRefusals.MANDATE_ENDED() };
        case 'PostEnded':
        case 'PostMoved':
          return { holder: holder('post'), refusal: kernelRefusals.POST_ENDED() };
        default:
          return undefined;
      }
    },
  };
}
