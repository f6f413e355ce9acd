import { ID, Int } from 'type-graphql';
import { streamOf } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import type { Context } from '../context.js';
import { orThrow } from '../errors.js';
import { waitFor, waitForArgument } from '../fresh.js';
import { cursorOf, positionIn } from '../live/cursor.js';
import { presentOf } from '../present.js';
import type { Services } from '../services.js';
import type { AvailableActions } from './actions.js';
import type { Cases } from './cases.js';
import type { Operations } from './classes.js';
import type { Events } from './events.js';
import type { Kit } from './kit.js';
import { pageSize } from './pages.js';

/** What happened in a case, and what can be done with it. The case's id is enough; its kind need not be known. */
export function deriveHistory(
  kit: Kit,
  registry: Registry,
  cases: Cases,
  events: Events,
  actions: AvailableActions,
  services: () => Services,
): Operations {
  const page = kit.connection('CaseEvent', () => events.CaseEvent, 'A page of what happened. 事件列表');
  const find = (context: Context, id: unknown) => presentOf({ registry, cases }, services(), context, id);

  return {
    caseHistory: {
      type: () => page.type,
      description:
        'What happened in a case, oldest first. The cursors are those of live messages: go on with `caseChanged(after: endCursor)`. 事项历史',
      args: {
        caseId: { type: () => ID },
        after: { type: () => String, nullable: true, description: 'The cursor of an event. 游标' },
        first: { type: () => Int, defaultValue: 50, description: 'Events of the page, 1 to 100. 每页事件数' },
        waitFor: waitForArgument,
      },
      async resolve({ caseId, after, first, waitFor: position }, context) {
        const { store } = services();
        const limit = pageSize(first);
        const from = orThrow(await positionIn(store, after));
        await waitFor(services(), context, position);
        const { ref, classOf } = await find(context, caseId);
        const found: { readonly event: RecordedEvent; readonly then: ViewerClass }[] = [];
        for await (const event of store.readStream(streamOf(ref))) {
          if (from !== undefined && event.position <= from) continue;
          const then = classOf(event);
          if (then) found.push({ event, then });
          if (found.length > limit) break;
        }
        const edges = found.slice(0, limit).map(({ event, then }) => ({
          cursor: cursorOf(store.epoch, event.position),
          node: events.view(event, then),
        }));
        return page.view({ edges, more: found.length > limit, after });
      },
    },
    availableActions: {
      type: () => [actions.type],
      description:
        'What you can do with a case now, and why not; without a case, which actions that begin one are open. 可执行的操作',
      args: { caseId: { type: () => ID, nullable: true }, waitFor: waitForArgument },
      async resolve({ caseId, waitFor: position }, context) {
        await waitFor(services(), context, position);
        if (caseId === null || caseId === undefined) return actions.of(context, undefined);
        const { ref } = await find(context, caseId);
        return actions.of(context, ref.category, ref.id);
      },
    },
  };
}
