import type { Position } from '../../domain/kernel/event.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { CatchUp } from './catch-up.js';
import { liveRefusals, positionOf } from './cursor.js';
import { refusalOfStanding } from './standing.js';
import type { History, Subscription } from './subscription.js';

/**
 * Whether a subscription may begin. It begins behind `after`, a cursor of this log, where `latest` is what the hub has
 * delivered; `undefined`: nobody knows yet.
 */
export async function admit(
  subscription: Subscription,
  after: string | undefined,
  latest: Position | undefined,
  history: Pick<History, 'epoch' | 'head'>,
  catchUp: Pick<CatchUp, 'present'>,
): Promise<Refusal | undefined> {
  const notStanding = refusalOfStanding(subscription.viewer);
  if (notStanding) return notStanding;
  if (latest === undefined) return kernelRefusals.BUSY();
  if (after !== undefined) {
    const position = positionOf(history.epoch, after);
    if (isRefusal(position)) return position;
    if (position > latest && position > ((await history.head()) ?? '')) return liveRefusals.BAD_CURSOR();
    subscription.cursor = position;
  }
  if (subscription.caseId === undefined) return undefined;
  const present = await catchUp.present(subscription, latest);
  return present === 'behind' ? kernelRefusals.BUSY() : present ? undefined : kernelRefusals.NOT_FOUND();
}
