import { Int } from 'type-graphql';
import type { Board } from '../../projections/boards/index.js';
import { boardOf, mayWatch } from '../../projections/boards/index.js';
import type { CaseModel } from '../../projections/kernel/case-model.js';
import { underPresentRights } from '../../projections/replay/present-rights.js';
import { askedNames } from '../asked-names.js';
import { boardTypes } from '../boards/board-types.js';
import type { Class, Operations } from '../derive/classes.js';
import { instance, objectType } from '../derive/classes.js';
import type { Derived } from '../derive/derive.js';
import { Instant, Position } from '../derive/scalars.js';
import { orThrow, refused } from '../errors.js';
import { waitFor, waitForArgument } from '../fresh.js';
import { actorOf } from '../visible.js';
import { placeOf } from './log-at.js';
import { replayRefusals } from './refusals.js';
import type { ReplayServices } from './replay.js';

/** A board as it was. */
export function boardQueries(
  derived: Derived,
  { models, logAt }: { readonly models: readonly CaseModel[]; readonly logAt: Class },
  services: () => ReplayServices,
): Operations {
  const { kit } = derived;
  const { Board: BoardType, args, view } = boardTypes(derived);
  const cases = new Set(models.map(({ name }) => name));
  const State = kit.words('ReplayState', ['READY', 'FOLDING'], 'Whether the past is there to be read. 回放状态');
  const BoardAt = objectType(
    kit.names.claim('BoardAt'),
    'A board as it was, or how far the log has been folded for it. 历史看板',
    {
      state: { type: () => State, description: '`FOLDING`: ask again with the same arguments. 状态' },
      position: {
        type: () => Position,
        nullable: true,
        description: 'Up to here, whatever comes later: by it the same board can be asked for again. 日志位置',
      },
      events: { type: () => Int, nullable: true, description: 'Folded so far, while it goes on. 已回放事件数' },
      cameTo: { type: () => Instant, nullable: true, description: 'When the last of them was recorded. 已回放至' },
      board: { type: () => BoardType, nullable: true, description: 'Null while the log is folded. 看板' },
    },
  );

  return {
    boardAt: {
      type: () => BoardAt,
      description:
        'The board of a region at a point of the past, for those who may watch it now; single cases only as far as they may see them now. The log is folded up to there, which takes a while for a long one. 历史看板',
      args: { ...args, at: { type: () => logAt }, waitFor: waitForArgument },
      async resolve({ level, region, at, waitFor: awaited }, context, _, info) {
        const asked = info && askedNames(info.operation, Object.values(info.fragments));
        const { viewer } = context;
        const { reads, past, redactions, waitMs } = services();
        actorOf(context);
        // Before anything is folded: who may not watch costs nothing.
        orThrow(mayWatch(viewer, String(level), String(region)));
        await waitFor(services(), context, awaited);
        const { position } = orThrow(await placeOf(services(), at));
        const about = { position: position ?? null, events: null, cameTo: null, board: null };
        const found = await past.read(holderOf(viewer.tags), position, waitMs, (then) =>
          boardOf({ reads: underPresentRights(then, reads, cases, viewer.tags), redactions })(
            String(region),
            String(level),
            viewer,
            asked,
          ),
        );
        if (found === 'busy') throw refused(replayRefusals.REPLAY_BUSY());
        if (!('read' in found)) return instance(BoardAt, { ...about, state: 'FOLDING', ...found });
        const board: Board = orThrow(found.read);
        return instance(BoardAt, { ...about, state: 'READY', board: view(board) });
      },
    },
  };
}

/** Every holder has a tag of his or her own. */
const holderOf = (tags: readonly string[]): string => tags.find((tag) => /^(mandate|post):/.test(tag)) ?? 'anybody';
