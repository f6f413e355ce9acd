import type { GraphQLError } from 'graphql';
import type { Refusal } from '../../domain/kernel/refusal.js';
import type { Viewer } from '../context.js';
import type { AskedDocument } from '../documents.js';
import type { Guard } from '../guard/guard.js';
import type { Prepared } from '../limits.js';
import type { Authenticate } from '../session.js';
import type { ApiWatch } from '../watch.js';
import type { Boards, ViewerNow } from './boards.js';
import type { Hub } from './hub.js';
import type { Asked, Plans } from './plan.js';
import type { Sink } from './subscription.js';

/** Who subscribes: as whom now, and how to ask again. */
export type Subscriber = { readonly viewer: Viewer; readonly viewerNow: ViewerNow };

/** What a transport (WebSocket, server-sent events) is given. */
export type Live = {
  readonly plans: Plans;
  /** Begins what was asked; the answer ends it. `resume` overrules the cursor in the arguments. */
  readonly subscribe: (asked: Asked, by: Subscriber, sink: Sink, resume?: string) => () => void;
  /** Told of each answer that the transport itself gives, and of its first error's code. */
  readonly answered: ApiWatch['operation'];
  readonly authenticate: Authenticate;
  readonly guard: Guard;
  /** Parses and validates under the same limits as every other door. `asked` may name a listed document. */
  readonly prepare: (query: string, asked?: AskedDocument) => Prepared;
  readonly errorOf: (refusal: Refusal) => GraphQLError;
  /** Milliseconds since 1970, by the clock that tokens are verified with. */
  readonly now: () => number;
  /** For what should not happen: logged, and a masked error for the client. */
  readonly mask: (error: unknown) => GraphQLError;
};

export const subscribeWith =
  (hub: Hub, boards: Boards): Live['subscribe'] =>
  (asked, { viewer, viewerNow }, sink, resume) => {
    if (asked.field === 'boardChanged') return boards.subscribe(asked, viewerNow, sink);
    const after = resume ?? (typeof asked.args.after === 'string' ? asked.args.after : undefined);
    return hub.subscribe(asked, viewer, sink, after);
  };
