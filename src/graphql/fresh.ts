import type { Context } from './context.js';
import type { ArgumentSpec } from './derive/classes.js';
import { Position } from './derive/scalars.js';
import type { Services } from './services.js';

/** Read your own writes: the argument that every query has, and what becomes of it. */
export const waitForArgument: ArgumentSpec = {
  type: () => Position,
  nullable: true,
  description:
    'Answer when the read models have come to this position (of a receipt or a message). When that takes too long, the answer is given as things stand and `extensions.stale` is true. 等待读模型到达此位置',
};

const staleContexts = new WeakSet<Context>();

/** Whether an answer of this request was given before the read models had come to where it asked for. */
export const isStale = (context: Context): boolean => staleContexts.has(context);

export async function waitFor(services: Services, context: Context, position: unknown): Promise<'reached' | 'timeout'> {
  if (typeof position !== 'string') return 'reached';
  const reached = await services.projector.waitFor(position, services.waitMs);
  if (reached === 'timeout') staleContexts.add(context);
  return reached;
}
