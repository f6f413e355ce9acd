import { wuji } from '../domain/wuji.js';
import { createExport } from '../graphql/admin/export.js';
import { serveClient } from '../graphql/client-files.js';
import { doorOf } from '../graphql/guard/door.js';
import { createGuard } from '../graphql/guard/guard.js';
import { documentGate } from '../graphql/limits.js';
import { openLive } from '../graphql/live/open.js';
import { startHttp } from '../graphql/server.js';
import { authenticateWith } from '../graphql/session.js';
import type { Auth } from '../infra/auth.js';
import type { Watch } from '../infra/telemetry.js';
import { createTelemetry } from '../infra/telemetry.js';
import type { Guarding, Profile, Running } from '../profile.js';
import { boardOf } from '../projections/boards/index.js';
import { caseModels } from '../projections/cases/index.js';
import type { Api } from './api.js';
import type { Node } from './node.js';
import type { createShowing } from './showing.js';
import type { createWork } from './work.js';

type Deps = {
  readonly profile: Profile;
  readonly running: Running;
  readonly work: Pick<ReturnType<typeof createWork>, 'policies'>;
  readonly guarding: Guarding;
  readonly auth: Auth;
  readonly api: Api;
  readonly showing: Pick<ReturnType<typeof createShowing>, 'onLess'>;
  readonly watch: Watch;
};

/** HTTP, server-sent events and WebSocket, with the guard before each. Resolves to the address when the node listens. */
export async function openDoors({ settings, clock, closing, onProblem }: Node, deps: Deps): Promise<string> {
  const { api, watch } = deps;
  const { services, schema, limits, errors, documents } = api;
  const { store, reads, redactions, personal, moments, loader } = services;
  const { readModels } = deps.running;
  const door = doorOf(settings);
  const guard = createGuard({ ...deps.guarding, ...door });
  const authenticate = guard.admitting(authenticateWith(deps.auth.verify, loader));
  const live = openLive({
    ...{ schema, services, authenticate, guard, errors, onProblem },
    registry: wuji,
    models: caseModels,
    board: boardOf({ reads, redactions }),
    prepare: documentGate(schema, limits, errors, documents),
    projector: readModels,
    watch: watch.api,
  });
  deps.showing.onLess(live.forget);
  const telemetry = telemetryOf(deps, live, clock);
  let ending = false;
  /** A node that is about to end is taken out by the proxy before its clients are sent away. */
  const ready = async () => (ending ? { ok: false, state: 'ending' } : telemetry.ready());
  const exportLog = createExport({
    ...{ store, reads, moments, clock, authenticate, redactions, personal, onProblem },
    registry: wuji,
  });
  const http = await startHttp({
    ...{ schema, authenticate, guard, limits, errors, documents, patience: settings, peers: door.peers },
    handlers: { ...telemetry, ready },
    watch: watch.api,
    routes(app) {
      live.routes(app);
      serveClient(app);
      app.get('/export', (request, reply) => {
        reply.hijack();
        void exportLog(request.raw, reply.raw);
      });
    },
    host: settings.host,
    port: settings.port,
  });
  closing.push(() => http.close());
  live.attach(http.server, door.sockets);
  closing.push(() => {
    ending = true;
    return live.close(); // sockets keep the HTTP server open
  });
  return http.url;
}

function telemetryOf(
  { profile, running, work, api, watch }: Deps,
  live: ReturnType<typeof openLive>,
  clock: Node['clock'],
) {
  const { eventStoreDB, logFault, redis } = profile;
  const { readModels, lease, leader } = running;
  return createTelemetry({
    metrics: watch.metrics,
    log: { store: api.services.store, status: eventStoreDB?.status.bind(eventStoreDB), fault: logFault },
    redis: redis?.status,
    leader: redis && { lease, leader },
    projector: readModels,
    reactors: () => work.policies()?.reactors.map((reactor) => reactor.status()) ?? [],
    scheduler: () => work.policies()?.scheduler.status() ?? { tickedAt: undefined, error: undefined },
    ...{ live, clock, documents: api.documents },
  });
}
