import { ID, Int } from 'type-graphql';
import { shanghaiDate } from '../../domain/kernel/clock.js';
import type { Level } from '../../domain/kernel/region.js';
import { levels } from '../../domain/kernel/region.js';
import { facts } from '../../domain/kernel/visibility.js';
import type { Board } from '../../projections/boards/index.js';
import { boardOf, boardShapes } from '../../projections/boards/index.js';
import { parts } from '../../projections/boards/shapes.js';
import { inboxOf, inboxShape } from '../../projections/feeds/inbox.js';
import type { Class } from '../derive/classes.js';
import { instance, interfaceType, objectType } from '../derive/classes.js';
import { pascal } from '../derive/names.js';
import type { Shape } from '../derive/output.js';
import { pageSize } from '../derive/pages.js';
import { RegionCode } from '../derive/scalars.js';
import { orThrow, refused } from '../errors.js';
import { waitFor, waitForArgument } from '../fresh.js';
import { liveRefusals } from '../live/cursor.js';
import type { HandMade } from '../schema.js';
import { isId } from '../services.js';

const titles: Record<Level, string> = {
  nation: 'The board of deputies to the National People’s Congress. 全国人大代表看板',
  autonomousRegion: 'The board of an autonomous region. 自治区级看板',
  city: 'The board of a city. 市级看板',
  county: 'The board of a county, banner or district. 旗县区级看板',
  township: 'The board of a township, sumu or street. 乡镇级看板',
};

/** One board per level, and the inbox of an organ: by query, and boards live. */
export const boardsAndInboxes: HandMade = (derived, services) => {
  const { kit, cases, regions } = derived;
  const { names } = kit;
  const level = { type: () => kit.words('Level', levels, ''), description: 'Level of the board. 层级' };
  const shared = { level, region: { type: () => regions.type, description: 'Whose board it is. 区划' } };
  const BoardType = interfaceType(names.claim('Board'), 'The board of a region, by its level. 看板', shared);
  cases.shapeOf(facts({ follower: parts }), 'Board'); // the rows that several boards share are named after none of them

  const types = new Map<string, { readonly of: Class; readonly shape: Shape }>();
  for (const each of levels) {
    const name = names.claim(`${pascal(each)}Board`);
    const shape = cases.shapeOf(boardShapes[each], name);
    types.set(each, { of: objectType(name, titles[each], { ...shape.fields, ...shared }, [BoardType]), shape });
  }
  const view = (board: Board): object => {
    const type = types.get(String(board.level));
    if (!type) throw new Error(`no board of the level ${board.level}`);
    return instance(type.of, type.shape.present(board));
  };

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
  const args = { level, region: { type: () => RegionCode } };

  return {
    queries: {
      board: {
        type: () => BoardType,
        description: 'The board of a region, for deputies and offices of that region or one above it. 各级看板',
        args: { ...args, waitFor: waitForArgument },
        async resolve({ level: asked, region, waitFor: position }, context) {
          await waitFor(services(), context, position);
          return view(orThrow(await boardOf(services())(String(region), String(asked), context.viewer)));
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
