import { ID, Int } from 'type-graphql';
import { classIn } from '../domain/kernel/actor.js';
import { kernelRefusals } from '../domain/kernel/refusals.js';
import { eventsAt, feedPage } from '../projections/feeds/feed.js';
import type { Context } from './context.js';
import { feedTagsOf } from './context.js';
import type { Operations } from './derive/classes.js';
import type { Derived } from './derive/derive.js';
import { pageSize } from './derive/pages.js';
import { orThrow, refused } from './errors.js';
import { waitFor, waitForArgument } from './fresh.js';
import { cursorOf, positionIn } from './live/cursor.js';
import type { HandMade } from './schema.js';
import type { Services } from './services.js';
import { classForPast } from './visible.js';

/** The feed as a list, and the story of a chain of cases: what the subscriptions tell, read from the past. */
export const feedQueries: HandMade = (derived, services) => ({ queries: queriesOf(derived, services) });

function queriesOf({ kit, cases, events }: Derived, services: () => Services): Operations {
  const feed = kit.connection('DutyFeed', () => events.CaseEvent, 'A page of your feed. 履职动态列表');
  const story = kit.connection('Timeline', () => events.CaseEvent, 'A page of a chain of cases. 全链条时间线');
  const pageArguments = {
    after: { type: () => String, nullable: true, description: 'A cursor, also one of a live message. 游标' },
    first: { type: () => Int, defaultValue: 50, description: 'Events of the page, 1 to 100. 每页事件数' },
    waitFor: waitForArgument,
  };

  /** Events of the index, as far as they were the viewer's then and are now. */
  async function page(
    context: Context,
    index: 'byTag' | 'byChain',
    keys: readonly string[],
    { after, first }: Readonly<Record<string, unknown>>,
  ) {
    const { store, reads } = services();
    const limit = pageSize(first);
    const position = orThrow(await positionIn(store, after));
    const found = await reads.snapshot((view) => feedPage(view, index, keys, { after: position, limit: limit + 1 }));
    const more = found.entries.length > limit;
    const entries = found.entries.slice(0, limit);
    const edges = (await eventsAt(store, entries)).flatMap((event, i) => {
      const now = classIn(entries[i]?.now ?? {}, context.viewer.tags);
      const then = now && classForPast(context, event.meta.audience, now);
      return then ? [{ cursor: cursorOf(store.epoch, event.position), node: events.view(event, then) }] : [];
    });
    const last = more ? entries.at(-1)?.position : found.upTo;
    return { edges, more, after, end: last === undefined ? undefined : cursorOf(store.epoch, last) };
  }

  return {
    dutyFeed: {
      type: () => feed.type,
      description:
        'All that concerned you, oldest first. Go on with the subscription of the same name, `after: endCursor`. 履职动态',
      args: pageArguments,
      async resolve(args, context) {
        await waitFor(services(), context, args.waitFor);
        return feed.view(await page(context, 'byTag', feedTagsOf(context.viewer), args));
      },
    },
    timeline: {
      type: () => story.type,
      description:
        'The story of a case and of all cases of its chain (topic, meeting, inspection, issue, suggestion, reply, evaluation), as far as they are yours to see. 全链条时间线',
      args: { caseId: { type: () => ID }, ...pageArguments },
      async resolve({ caseId, ...args }, context) {
        await waitFor(services(), context, args.waitFor);
        const row = (await cases.find(context, caseId))?.row;
        if (!row || !classIn(row.audience, context.viewer.tags)) throw refused(kernelRefusals.NOT_FOUND());
        return story.view(await page(context, 'byChain', [row.correlationId], args));
      },
    },
  };
}
