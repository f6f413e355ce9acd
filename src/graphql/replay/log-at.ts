import type { Position } from '../../domain/kernel/event.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Moments } from '../../projections/replay/moments.js';
import type { Class } from '../derive/classes.js';
import { inputType } from '../derive/classes.js';
import type { Kit } from '../derive/kit.js';
import { instantOf, positionOfLog } from '../derive/points.js';
import { Instant, Position as PositionScalar } from '../derive/scalars.js';
import { apiRefusals } from '../refusals.js';
import { replayRefusals } from './refusals.js';

export type PlaceDeps = { readonly store: EventStore; readonly moments: Moments; readonly clock: Clock };
type Given = { readonly time?: string | null; readonly position?: string | null };

/** `position`: all up to it, that event too; `undefined`: nothing was recorded yet. */
export type Place = { readonly position: Position | undefined };

/** A point in the past of the whole log. */
export const logAtOf = ({ names }: Kit): Class =>
  inputType(names.claim('LogAt'), 'A point of the past: a time or a position, only one of them. 过去的时点', {
    time: { type: () => Instant, nullable: true, description: 'As the log stood then; before now. 时间' },
    position: { type: () => PositionScalar, nullable: true, description: 'As the log stood there. 日志位置' },
  });

/** Where the log stood. Only a position is the same for ever: a time is turned into one, which the answer tells. */
export async function placeOf(deps: PlaceDeps, given: unknown): Promise<Place | Refusal> {
  const { time, position } = (given ?? {}) as Given;
  if ((typeof time === 'string') === (typeof position === 'string'))
    return apiRefusals.AT_ONE_POINT({ points: 'a time or a position', zhPoints: '时间或日志位置' });
  if (typeof position === 'string') {
    const known = await positionOfLog(deps.store, position);
    return isRefusal(known) ? known : { position: known };
  }
  const instant = instantOf(String(time));
  if (isRefusal(instant)) return instant;
  if (instant >= deps.clock.now().toISOString()) return replayRefusals.NOT_PAST_YET({ time: instant });
  return { position: await deps.moments.upTo(instant) };
}

/** When the last event up to a position of this log was recorded: what its calendar said. */
export async function timeAt(store: Pick<EventStore, 'readAll'>, position: Position): Promise<string> {
  let last: { readonly position: Position; readonly recordedAt: string } | undefined;
  for await (const event of store.readAll({ direction: 'backwards', after: position, limit: 1 })) last = event;
  for await (const event of store.readAll({ ...(last && { after: last.position }), limit: 1 }))
    if (event.position <= position || !last) last = event;
  if (!last) throw new Error('a position of an empty log');
  return last.recordedAt;
}
