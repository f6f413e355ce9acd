import type { ApolloServerPlugin } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { Refusal } from '../../domain/kernel/refusal.js';
import type { Context } from '../context.js';
import { refused } from '../errors.js';
import { retryAfterOf } from './guard.js';
import type { Budget } from './ports.js';

/** Of a request over HTTP: `count` takes one from a budget of its caller. */
export type HttpContext = Context & { readonly count: (budget: Budget) => Promise<Refusal | undefined> };

/** A refusal as an error with which Apollo sends this status, and `Retry-After` when waiting helps. */
export function turnedAway(refusal: Refusal, status: 400 | 401 | 403 | 429): GraphQLError {
  const { message, extensions } = refused(refusal);
  const retryAfter = retryAfterOf(refusal);
  const headers = new HeaderMap(retryAfter === undefined ? [] : [['retry-after', retryAfter]]);
  return new GraphQLError(message, { extensions: { ...extensions, http: { status, headers } } });
}

/** Counts each operation over HTTP, before it is carried out; one that cannot be carried out counts as a query. */
export const countOperations: ApolloServerPlugin<HttpContext> = {
  async requestDidStart({ contextValue }) {
    let isCounted = false;
    const count = async (budget: Budget) => {
      isCounted = true;
      return contextValue.count(budget);
    };
    return {
      async didResolveOperation({ operation }) {
        const refusal = await count(operation?.operation === 'mutation' ? 'mutation' : 'query');
        if (refusal) throw turnedAway(refusal, 429);
      },
      async willSendResponse({ response: { body, http } }) {
        if (isCounted || body.kind !== 'single') return;
        const refusal = await count('query');
        if (!refusal) return;
        body.singleResult = { errors: [refused(refusal).toJSON()] };
        http.status = 429;
        http.headers.set('retry-after', retryAfterOf(refusal) ?? '');
      },
    };
  },
};
