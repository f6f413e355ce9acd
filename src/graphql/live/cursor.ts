import type { Position } from '../../domain/kernel/event.js';
import { defineRefusals, isRefusal, type Refusal } from '../../domain/kernel/refusal.js';

export const liveRefusals = defineRefusals({
  BAD_CURSOR: {
    message: ['This is not a cursor of this service.', '游标无效。'],
    next: ['Use a cursor exactly as it was received, or leave it out.', '请原样使用收到的游标，或不填。'],
  },
  CURSOR_EXPIRED: {
    message: ['The cursor belongs to another log.', '游标所属的日志已更换。'],
    next: ['Subscribe without a cursor, and read the present state by query.', '请不带游标重新订阅，并查询当前状态。'],
  },
  SUBSCRIBE_BY_STREAM: {
    message: ['A subscription needs a connection that stays open.', '订阅需要保持连接。'],
    next: [
      'Use WebSocket (graphql-transport-ws) on /graphql, or server-sent events on /graphql/stream.',
      '请使用/graphql的WebSocket，或/graphql/stream的SSE。',
    ],
  },
  NO_LONGER_YOURS: {
    message: ['You no longer take part in this case.', '您已不再参与该事项。'],
    next: ['Open your feed for the cases that are yours.', '请在履职动态中查看与您相关的事项。'],
  },
  TOO_MANY_SUBSCRIPTIONS: {
    message: ['This connection has {limit} subscriptions already.', '该连接已有{limit}个订阅。'],
    next: ['End one before you begin another.', '请先结束一个订阅。'],
  },
});

/** Cursors are positions of one log; the log's epoch goes with them, so that a cursor of another log is known as such. */
export const cursorOf = (epoch: string, position: Position): string => `${epoch}.${position}`;

export function positionOf(epoch: string, cursor: string): Position | Refusal {
  const match = /^([\w-]{1,64})\.([\w-]{1,64})$/.exec(cursor);
  if (!match) return liveRefusals.BAD_CURSOR();
  const [, from, position] = match;
  return from === epoch && position ? position : liveRefusals.CURSOR_EXPIRED();
}

/** For reads: a cursor beyond the end of the log was never given out, and would hide what is written up to it. */
export async function positionIn(
  log: { readonly epoch: string; head(): Promise<Position | undefined> },
  cursor: unknown,
): Promise<Position | Refusal | undefined> {
  if (typeof cursor !== 'string') return undefined;
  const position = positionOf(log.epoch, cursor);
  if (isRefusal(position)) return position;
  const head = await log.head();
  return isPositionOf(head, position) && position <= (head ?? '') ? position : liveRefusals.BAD_CURSOR();
}

/** All positions of a log have one form. Which one is the adapter's affair; what is longer or shorter is none of them. */
export const isPositionOf = (head: Position | undefined, position: string): boolean =>
  /^[0-9a-f]+$/.test(position) && position.length === (head ?? position).length;
