import { Int } from 'type-graphql';
import type { Position } from '../../domain/kernel/event.js';
import type { Until } from '../../domain/kernel/load.js';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { isPositionOf } from '../live/cursor.js';
import { apiRefusals } from '../refusals.js';
import type { Class } from './classes.js';
import { inputType } from './classes.js';
import type { Kit } from './kit.js';
import { Instant, Position as PositionScalar } from './scalars.js';

type Log = Pick<EventStore, 'head'>;
type Given = { readonly time?: string | null; readonly position?: string | null; readonly revision?: number | null };

export type CaseAt = {
  readonly type: Class;
  /** Of a `CaseAt` as it was given. */
  untilOf(log: Log, given: unknown): Promise<Until | Refusal>;
};

/** A point in the past of a case. */
export function caseAtOf({ names }: Kit): CaseAt {
  const type = inputType(
    names.claim('CaseAt'),
    'A point of the past: a time, a position or a revision, only one of them. 过去的时点',
    {
      time: { type: () => Instant, nullable: true, description: 'As the log stood then. 时间' },
      position: { type: () => PositionScalar, nullable: true, description: 'As the log stood there. 日志位置' },
      revision: { type: () => Int, nullable: true, description: 'As this event left it. 版本' },
    },
  );
  return {
    type,
    async untilOf(log, given) {
      const { time, position, revision } = (given ?? {}) as Given;
      if ([time, position, revision].filter((one) => one != null).length !== 1)
        return apiRefusals.AT_ONE_POINT({
          points: 'a time, a position or a revision',
          zhPoints: '时间、日志位置或版本',
        });
      if (typeof revision === 'number') return { revision };
      if (typeof position === 'string') {
        const known = await positionOfLog(log, position);
        return isRefusal(known) ? known : { position: known };
      }
      const instant = instantOf(String(time));
      return isRefusal(instant) ? instant : { time: instant };
    },
  };
}

/** In the form in which the log keeps instants, because there they compare as text. */
export function instantOf(time: string): string | Refusal {
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds)) return apiRefusals.BAD_USER_INPUT({ problem: `at.time: ${time} is no instant` });
  return new Date(milliseconds).toISOString();
}

/** A position that the log has come to: what lies beyond its end would not be the same when asked for again. */
export async function positionOfLog(log: Log, position: string): Promise<Position | Refusal> {
  const head = await log.head();
  if (!isPositionOf(head, position))
    return apiRefusals.BAD_POSITION({ position: JSON.stringify(position.slice(0, 80)) });
  if (head === undefined || position > head) return apiRefusals.POSITION_AHEAD({ position, head: head ?? '-' });
  return position;
}
