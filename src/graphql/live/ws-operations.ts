import type { GraphQLError, GraphQLSchema } from 'graphql';
import { getOperationAST } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { makeServer } from 'graphql-ws';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { Context } from '../context.js';
import { isStale } from '../fresh.js';
import { budgetOf } from '../guard/guard.js';
import { refusalOfVariables } from '../guard/variables.js';
import { apiRefusals } from '../refusals.js';
import { codeOf } from '../watch.js';
import { liveRefusals } from './cursor.js';
import type { Live } from './live.js';
import type { Asked } from './plan.js';
import { SocketSink } from './socket-sink.js';
import type { Client } from './ws-client.js';
import type { Sessions } from './ws-session.js';

type Asking = Context & { readonly asking: { readonly id: string; readonly client: Client; readonly asked: Asked } };

/**
 * The operations of all sockets. graphql-ws speaks the protocol; messages of subscriptions are written by the hub, ready
 * encoded: the library holds an iterator that stays silent until the operation ends.
 */
export function serveOperations(schema: GraphQLSchema, live: Live, { signIn, hasEnded }: Sessions, limit: number) {
  return makeServer<Record<string, unknown>, Client>({
    onConnect: ({ extra, connectionParams }) => signIn(extra, connectionParams?.authorization),
    // A fresh token comes in a ping, so a long connection outlives the first token.
    async onPing({ extra }, payload) {
      if (payload?.authorization !== undefined) await signIn(extra, payload.authorization);
    },
    async onSubscribe({ extra, subscriptions }, id, payload) {
      // The library has entered this operation already, so no burst of them slips past while another is looked at.
      if (Object.keys(subscriptions).length > limit)
        return [live.errorOf(liveRefusals.TOO_MANY_SUBSCRIPTIONS({ limit }))];
      try {
        return await argumentsOf(extra, id, payload);
      } catch (error) {
        return [live.mask(error)];
      }
    },
    subscribe: (args) => silent(args.contextValue as Asking),
    onError(_connection, _id, _payload, errors) {
      const told = errors.map((error) => live.mask(error).toJSON());
      live.answered('unknown', codeOf(told));
      return told;
    },
    onNext(_connection, _id, _payload, { contextValue, document, operationName }, { errors, data = null }) {
      const stale = isStale(contextValue as Context) && { extensions: { stale: true } };
      const told = errors?.map((error) => live.mask(error).toJSON());
      live.answered(getOperationAST(document, operationName)?.operation ?? 'unknown', codeOf(told));
      return { data, ...stale, ...(told && { errors: told }) };
    },
  });

  async function argumentsOf(client: Client, id: string, payload: SubscribePayload) {
    // The sweep comes later: until then nothing is done by a token that has run out.
    if (hasEnded(client)) return [live.errorOf(apiRefusals.SIGN_IN_REQUIRED())];
    const document = live.prepare(payload.query, payload);
    const operationName = payload.operationName ?? undefined;
    const operation = 'kind' in document ? getOperationAST(document, operationName)?.operation : undefined;
    const spent = await live.guard.take(budgetOf(operation), client.session, client.address);
    if (spent) return [live.errorOf(spent)];
    const tooMany = refusalOfVariables(payload.variables);
    if (tooMany) return [live.errorOf(tooMany)];
    if (!('kind' in document)) return document;
    const viewer = await client.session.viewer();
    if (isRefusal(viewer)) return [live.errorOf(viewer)];
    const variableValues = payload.variables ?? {};
    const common = { schema, document, operationName, variableValues };
    if (operation !== 'subscription') return { ...common, contextValue: { viewer } satisfies Context };
    const asked = live.plans.ask(document, operationName, variableValues);
    return { ...common, contextValue: { viewer, asking: { id, client, asked } } satisfies Asking };
  }

  /** Made by hand: `return` must work at any time, which an async generator that awaits cannot do. */
  function silent({ asking, viewer }: Asking): AsyncIterableIterator<never> {
    const { id, client, asked } = asking;
    let resolve: (result: IteratorResult<never>) => void;
    let reject: (error: GraphQLError) => void;
    const ended = new Promise<IteratorResult<never>>((res, rej) => {
      resolve = res;
      reject = rej;
    });
    ended.catch(() => undefined); // graphql-ws reads it through `next`, if it still asks
    const sink = new SocketSink(client.line, id, (refusal) => reject(live.errorOf(refusal)));
    const end = live.subscribe(asked, { viewer, viewerNow: () => client.session.viewer() }, sink);
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () => ended,
      async return() {
        end();
        resolve({ done: true, value: undefined });
        return { done: true, value: undefined };
      },
    };
  }
}
