import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import { wuji } from '../../../src/domain/wuji.js';
import { createExport } from '../../../src/graphql/admin/export.js';
import { Boards } from '../../../src/graphql/live/boards.js';
import { cursorOf } from '../../../src/graphql/live/cursor.js';
import { createHistory } from '../../../src/graphql/live/history.js';
import { Hub } from '../../../src/graphql/live/hub.js';
import { subscribeWith } from '../../../src/graphql/live/live.js';
import { Plans } from '../../../src/graphql/live/plan.js';
import { boardOf } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import type { CaseRow } from '../../../src/projections/kernel/case-model.js';
import type { Json, Rig } from './rig.js';

/** Subscribes, as the transports do. Messages come as they are written out. */
export function openLiveDoor(rig: Rig) {
  const { schema, store, reads, projector, services, problems } = rig;
  const plans = new Plans(schema, rig.errors.toClient);
  const onProblem = (problem: unknown) => void problems.push(problem);
  const history = createHistory({ store, reads, models: caseModels, registry: wuji });
  const hub = new Hub(plans, history, projector.position, onProblem);
  const boards = new Boards(
    plans,
    { board: boardOf(services), cursor: () => cursorOf(store.epoch, hub.position ?? '') },
    onProblem,
    10,
  );
  const names = new Set(caseModels.map(({ name }) => name));
  projector.onCommitted(({ steps, from }) => {
    hub.publish({
      from: from ?? '',
      events: steps.map(({ event, changes }) => ({
        event,
        case: changes.find(({ model }) => names.has(model))?.after as CaseRow | undefined,
      })),
    });
    boards.publish(steps.flatMap(({ changes }) => changes.flatMap(({ before, after }) => [before, after])));
  });
  const subscribe = subscribeWith(hub, boards);

  /** Resolves when the first message has come that says that all before has; with the code, when it was refused. */
  async function listen(
    source: string,
    actor: Actor | null,
    variables: Readonly<Record<string, unknown>>,
    take: (message: Json) => void = () => {},
  ): Promise<{ readonly code: string | undefined; readonly end: () => void }> {
    const asked = plans.ask(rig.documentOf(source), undefined, variables);
    const viewer = await rig.viewerNow(actor);
    let end = () => {};
    const code = await new Promise<string | undefined>((resolve) => {
      const sink = {
        next(json: string) {
          const { data, errors } = JSON.parse(json);
          take(errors ?? data);
          if (errors || data[asked.field]?.caughtUp !== false) resolve(undefined);
          return true;
        },
        drained: async () => {},
        fail: ({ refused }: { refused: string }) => resolve(refused),
      };
      end = subscribe(asked, { viewer, viewerNow: () => rig.viewerNow(actor) }, sink);
    });
    return { code, end };
  }
  return { hub, listen, close: () => boards.close() };
}

/** `GET /export` over a socket: what is asked by whom, and the answer's lines or the code of its refusal. */
export async function openExportDoor(rig: Rig, actors: readonly (Actor | null)[]) {
  const { store, reads, services, problems } = rig;
  const { redactions, personal, moments, clock } = services;
  const handler = createExport({
    ...{ store, reads, registry: wuji, redactions, personal, moments, clock },
    async authenticate(authorization) {
      const actor = actors[Number(authorization)];
      if (actor === undefined) return kernelRefusals.NOT_FOUND();
      return { viewer: () => rig.viewerNow(actor), expiresAt: null };
    },
    onProblem: (problem) => void problems.push(problem),
  });
  const server = createServer((request, response) => void handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async get(path: string, actor: Actor | null): Promise<{ readonly code?: string; readonly lines: readonly Json[] }> {
      const headers = { authorization: String(actors.indexOf(actor)) };
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      const text = await response.text();
      if (!response.ok) return { code: JSON.parse(text).errors[0].extensions.code, lines: [] };
      const lines = text.split('\n').filter((line) => line !== '');
      return { lines: path.includes('csv') ? lines : lines.map((line) => JSON.parse(line)) };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
