import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultRules } from '../../../src/domain/collaboration/time-limits.js';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import { createHandle } from '../../../src/domain/kernel/handle.js';
import { createLoader } from '../../../src/domain/kernel/load.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import type { Registry } from '../../../src/domain/kernel/registry.js';
import { congress } from '../../../src/domain/organization/congress.js';
import { mandate } from '../../../src/domain/organization/mandate.js';
import { organ } from '../../../src/domain/organization/organ.js';
import { person } from '../../../src/domain/organization/person.js';
import { post } from '../../../src/domain/organization/post.js';
import { wuji } from '../../../src/domain/wuji.js';
import { anybody, viewerOf } from '../../../src/graphql/context.js';
import { errorFormatter } from '../../../src/graphql/errors.js';
import type { Limits } from '../../../src/graphql/limits.js';
import { createSchema } from '../../../src/graphql/schema.js';
import { startHttp } from '../../../src/graphql/server.js';
import type { Services } from '../../../src/graphql/services.js';
import type { Authenticate } from '../../../src/graphql/session.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { nameId, randomId } from '../../../src/infra/ids.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import type { CaseModel } from '../../../src/projections/kernel/case-model.js';
import { caseModel } from '../../../src/projections/kernel/case-model.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { redactionsOf } from '../../support/redactions.js';
import { personalOf, sealsOf } from '../../support/seals.js';
import { official } from '../../support/spec.js';
import { unguarded } from '../../support/unguarded.js';

export const models = [
  caseModel(person, { version: 1, filters: ['region'] }),
  caseModel(mandate, { version: 1, filters: ['status', 'region', 'level', 'person'] }),
  caseModel(organ, { version: 1, filters: ['status', 'region', 'kind'] }),
  caseModel(post, { version: 1, filters: ['status', 'organ', 'person'] }),
  caseModel(congress, { version: 1, filters: ['region', 'level'] }),
];

export const regions = { city: '150800', linhe: '150802', wuyuan: '150821', langshan: '150802100' };
export const registrar = official('DWC', regions.city);

/** The API over real stores in a folder of their own, on a free port; fixed time. A bearer token names an actor. */
export async function openApi(
  options: { registry?: Registry; models?: readonly CaseModel[]; limits?: Partial<Limits>; waitMs?: number } = {},
) {
  const { registry = wuji, models: kept = models } = options;
  const folder = await mkdtemp(join(tmpdir(), 'wuji-api-'));
  const now = new Date('2026-03-02T02:00:00.000Z');
  const clock = { now: () => now };
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: clock.now });
  const dropped: string[] = [];
  const problems: unknown[] = [];
  const reads = openEmbeddedReadStore({
    folder: join(folder, 'reads'),
    epoch: store.epoch,
    onDropped: (reason) => dropped.push(reason),
    holds: { onProblem: (problem) => problems.push(problem) },
  });
  const projector = createProjector({
    events: store,
    registry,
    readStore: reads,
    models: kept,
    clock,
    onProblem: (problem) => problems.push(problem),
  });
  projector.start();
  const loader = createLoader(store, registry);
  const rules = defaultRules(chineseCalendar());
  const seals = sealsOf();
  const handle = createHandle({ store, registry, loader, clock, nameId, rules, seals });
  const services: Services = {
    handle,
    personal: personalOf(seals, registry),
    redactions: redactionsOf({ reads, loader, registry, projector }),
    loader,
    store,
    reads,
    projector,
    clock,
    nameId,
    rules,
    newId: randomId,
    waitMs: options.waitMs ?? 5_000,
  };
  const logged: { error: unknown; id: string }[] = [];
  const limits: Limits = {
    depth: 12,
    cost: 5_000,
    aliases: 15,
    directives: 10,
    tokens: 1_000,
    introspection: false,
    bodyBytes: 100_000,
    ...options.limits,
  };
  const errors = errorFormatter({
    hideSuggestions: true,
    tokens: limits.tokens,
    newId: () => `error-${logged.length + 1}`,
    log: (error, id) => logged.push({ error, id }),
  });
  const schema = createSchema({ registry, models: kept }, () => services);
  const actors = new Map<string, Actor>();
  const authenticate: Authenticate = async (authorization) => {
    if (authorization === undefined) return { viewer: async () => anybody, expiresAt: null };
    const actor = actors.get(authorization.replace(/^Bearer /, ''));
    if (!actor) return kernelRefusals.NOT_ALLOWED({ who: 'somebody known', zhWho: '已知人员' });
    return { viewer: async () => viewerOf(actor), expiresAt: null };
  };
  const http = await startHttp({
    schema,
    authenticate,
    guard: unguarded,
    limits,
    errors,
    handlers: {
      live: async () => ({ ok: true }),
      ready: async () => ({ ok: false, lag: 9 }),
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'wuji_up 1\n' }),
    },
    host: '127.0.0.1',
    port: 0,
  });

  function tokenOf(actor: Actor): string {
    const token = Buffer.from(JSON.stringify(actor)).toString('base64url');
    actors.set(token, actor);
    return token;
  }

  async function post(body: string | Uint8Array, headers: Record<string, string> = {}) {
    const response = await fetch(`${http.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  return {
    ...services,
    projector,
    schema,
    limits,
    errors,
    url: http.url,
    logged,
    post,
    async ask(query: string, variables: Record<string, unknown> = {}, actor?: Actor): Promise<Answer> {
      const headers: Record<string, string> = actor ? { authorization: `Bearer ${tokenOf(actor)}` } : {};
      return (await post(JSON.stringify({ query, variables }), headers)).body;
    },
    /** The data of an answer that must have no errors. */
    async data(query: string, variables: Record<string, unknown> = {}, actor?: Actor): Promise<Record<string, Json>> {
      const answer = await this.ask(query, variables, actor);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
      return answer.data ?? {};
    },
    async close() {
      await http.close();
      await projector.stop();
      await reads.close();
      await store.close();
      await rm(folder, { recursive: true });
      if (problems.length + dropped.length > 0) throw new Error(`problems: ${problems.join()} ${dropped.join()}`);
    },
  };
}
export type Api = Awaited<ReturnType<typeof openApi>>;

// biome-ignore lint/suspicious/noExplicitAny: answers of a server are read as a client without types reads them
export type Json = any;
export type Answer = {
  readonly data?: Record<string, Json> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Json;
  }[];
  readonly extensions?: Record<string, unknown>;
};
