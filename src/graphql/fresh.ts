import type { Context } from './context.js';
import type { ArgumentSpec } from './derive/classes.js';
import { Position } from './derive/scalars.js';
import type { Services } from './services.js';

/** Read your own writes: the argument that every query has, and what becomes of it. */
export const waitForArgument: ArgumentSpec = {
  type: () => Position,
  nullable: true,
  description:
    'Answer when the read models have come to this position (of a receipt or a message). When that takes too long, the answer is given as things stand and `extensions.stale` is true; it is also true of any answer while the read models are being filled. 等待读模型到达此位置',
};

const staleContexts = new WeakSet<Context>();

/** Whether an answer of this request was given from read models that had not come to where it asked for, or to the present. */
export const isStale = (context: Context): boolean => staleContexts.has(context);

export async function waitFor(services: Services, context: Context, position: unknown): Promise<'reached' | 'timeout'> {
  if (typeof position !== 'string') {
    // Nobody waits; but who is answered while the read models are filled, or not followed, is told so.
    if (services.projector.status().state !== 'live') staleContexts.add(context);
    return 'reached';
  }
  const reached = await services.projector.waitFor(position, services.waitMs);
  if (reached === 'timeout') staleContexts.add(context);
  return reached;
}
