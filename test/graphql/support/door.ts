import { anybody } from '../../../src/graphql/context.js';
import type { HttpOptions } from '../../../src/graphql/server.js';
import { startHttp } from '../../../src/graphql/server.js';
import { unguarded } from '../../support/unguarded.js';
import type { Api } from './api.js';

/** Another door to the same API, for anybody, at a free port. */
export const openDoor = ({ schema, limits, errors }: Api, options: Partial<HttpOptions>) =>
  startHttp({
    ...{ schema, limits, errors, guard: unguarded, host: '127.0.0.1', port: 0 },
    authenticate: async () => ({ viewer: async () => anybody, expiresAt: null }),
    handlers: {
      live: async () => ({ ok: true }),
      ready: async () => ({ ok: true }),
      metrics: async () => ({ contentType: 'text/plain', body: '' }),
    },
    ...options,
  });
