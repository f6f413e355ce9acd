import { ID, Int } from 'type-graphql';
import { shanghaiDate } from '../../domain/kernel/clock.js';
import type { Board } from '../../projections/boards/index.js';
import { boardOf } from '../../projections/boards/index.js';
import { inboxOf, inboxShape } from '../../projections/feeds/inbox.js';
import { askedNames } from '../asked-names.js';
import { instance, objectType } from '../derive/classes.js';
import { pageSize } from '../derive/pages.js';
import { orThrow, refused } from '../errors.js';
import { waitFor, waitForArgument } from '../fresh.js';
import { liveRefusals } from '../live/cursor.js';
import type { HandMade } from '../schema.js';
import { isId } from '../services.js';
import { boardTypes } from './board-types.js';

/** One board per level, and the inbox of an organ: by query, and boards live. */
export const boardsAndInboxes: HandMade = (derived, services) => {
  const { kit, cases } = derived;
  const { names } = kit;
  const { Board: BoardType, view, args } = boardTypes(derived);
  const BoardMessage = objectType(names.claim('BoardMessage'), 'A board as it now is. 看板更新', {
    cursor: { type: () => String, description: 'How far the log was read. 游标' },
    board: { type: () => BoardType },
  });
  const inboxParts = cases.shapeOf(inboxShape, 'Inbox');
  const Inbox = objectType(
    names.claim('Inbox'),
    'What waits for an organ, the most pressing first. 待办箱',
    inboxParts.fields,
  );

  return {
    queries: {
      board: {
        type: () => BoardType,
        description: 'The board of a region, for deputies and offices of that region or one above it. 各级看板',
        args: { ...args, waitFor: waitForArgument },
        async resolve({ level: of, region, waitFor: position }, context, _, info) {
          await waitFor(services(), context, position);
          const asked = info && askedNames(info.operation, Object.values(info.fragments));
          return view(orThrow(await boardOf(services())(String(region), String(of), context.viewer, asked)));
        },
      },
      inbox: {
        type: () => Inbox,
        description: 'The inbox of the organ in which you hold a post. 待办箱',
        args: {
          organ: { type: () => ID },
          first: { type: () => Int, defaultValue: 100, description: 'How many, 1 to 100. 条数' },
          waitFor: waitForArgument,
        },
        async resolve({ organ, first, waitFor: position }, context) {
          await waitFor(services(), context, position);
          const { clock } = services();
          const limit = pageSize(first);
          const id = isId(organ) ? organ : '';
          const today = shanghaiDate(clock.now().toISOString());
          return instance(
            Inbox,
            inboxParts.present(orThrow(await inboxOf(services())(id, context.viewer, today, limit))),
          );
        },
      },
    },
    subscriptions: {
      boardChanged: {
        type: () => BoardMessage,
        description: 'The board now, and whenever it has changed, at most once a second. 看板实时更新',
        args,
        resolve(_, __, root) {
          if (!root?.boardChanged) throw refused(liveRefusals.SUBSCRIBE_BY_STREAM());
          const { cursor, board } = root.boardChanged as { readonly cursor: string; readonly board: Board };
          return instance(BoardMessage, { cursor, board: view(board) });
        },
      },
    },
  };
};
