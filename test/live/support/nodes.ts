import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi as createClient } from '../../../demo/api.js';
import { enterRegister, openCast } from '../../../demo/cast.js';
import { createCasting } from '../../../src/domain/ballots/casting.js';
import { defaultRules } from '../../../src/domain/collaboration/time-limits.js';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import { createHandle } from '../../../src/domain/kernel/handle.js';
import { createLoader } from '../../../src/domain/kernel/load.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { bootstrap, operatorIds } from '../../../src/domain/organization/bootstrap.js';
import { wuji } from '../../../src/domain/wuji.js';
import type { ApiServices } from '../../../src/graphql/api.js';
import { createApi } from '../../../src/graphql/api.js';
import { errorFormatter } from '../../../src/graphql/errors.js';
import { addressReader } from '../../../src/graphql/guard/address.js';
import { createGuard } from '../../../src/graphql/guard/guard.js';
import type { RateLimits, Revocations } from '../../../src/graphql/guard/ports.js';
import { documentGate } from '../../../src/graphql/limits.js';
import { openLive } from '../../../src/graphql/live/open.js';
import { startHttp } from '../../../src/graphql/server.js';
import { authenticateWith } from '../../../src/graphql/session.js';
import { openAuth } from '../../../src/infra/auth.js';
import { openEmbeddedBallotBox } from '../../../src/infra/ballot-box/embedded.js';
import { randomBelow } from '../../../src/infra/ballot-box/random.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';
import { closeAll } from '../../../src/infra/closing.js';
import { readCsv } from '../../../src/infra/csv.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { nameId, randomId } from '../../../src/infra/ids.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { scratchStores } from '../../../src/infra/read-store/scratch.js';
import { boardModels, boardOf } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import { feed } from '../../../src/projections/feeds/feed.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { createPolicies } from '../../../src/projections/reactors/index.js';
import { createMoments } from '../../../src/projections/replay/moments.js';
import { createPast } from '../../../src/projections/replay/past.js';
import { redactionsOf } from '../../support/redactions.js';
import { personalOf, sealsOf } from '../../support/seals.js';

const unused = (): never => {
  throw new Error('these nodes prove nothing');
};
const noAudit = { head: unused, keys: unused, consistency: unused, fileOf: unused };

/** What one node has of its own. */
export type Own = {
  readonly limits: RateLimits;
  readonly revocations: Revocations;
  readonly proxies?: readonly string[];
};
export type Node = { readonly url: string; readonly socketUrl: string };

/** Several doors to one house: the same log and read models, each node with limits and revocations of its own. */
export async function openNodes(owns: readonly Own[]) {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-nodes-'));
  let instant = Date.parse('2026-02-03T01:00:00.000Z');
  const clock = { now: () => new Date(instant) };
  const closing: (() => unknown)[] = [() => rm(folder, { recursive: true })];
  const problems: unknown[] = [];
  const onProblem = (problem: unknown) => problems.push(problem);
  const auth = await openAuth({ mode: 'development', dataDir: folder, issuer: 'wuji', audience: 'wuji' }, clock);
  if (isRefusal(auth)) throw new Error(auth.message[0]);

  const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: clock.now });
  closing.push(() => store.close());
  const reads = openEmbeddedReadStore({ folder: join(folder, 'read'), epoch: store.epoch, onDropped: onProblem });
  closing.push(() => reads.close());
  const rules = defaultRules(chineseCalendar());
  const loader = createLoader(store, wuji);
  const seals = sealsOf();
  const handle = createHandle({ store, registry: wuji, loader, clock, nameId, rules, seals });
  const operator = operatorIds(nameId);
  await bootstrap(handle, operator);
  const policies = createPolicies(rules);
  const box = openEmbeddedBallotBox({ folder: join(folder, 'ballots') });
  const folding = { events: store, registry: wuji, readStore: reads, onProblem };
  const projector = createProjector({
    ...folding,
    models: [...caseModels, ...boardModels, feed, ...policies.models],
    clock,
  });
  closing.push(() => projector.stop());
  const running = policies.start({ ...folding, projector, handle, clock, ballots: { box, randomBelow } });
  closing.push(() => running.stop());
  projector.start();

  const moments = createMoments(store);
  const scratches = scratchStores(join(folder, 'past'), store.epoch);
  const past = createPast({
    events: store,
    registry: wuji,
    models: [...caseModels, ...boardModels],
    openScratch: scratches,
  });
  closing.push(() => past.close());
  const forgetting: (() => void)[] = [];
  const redactions = redactionsOf({
    ...{ reads, loader, registry: wuji, projector },
    onChanged: () => forgetting.forEach((forget) => void forget()),
  });

  const authenticate = authenticateWith(auth.verify, loader);

  async function openNode({ limits: rateLimits, revocations, proxies = [] }: Own): Promise<Node> {
    const places = { perHolder: 30, perAddress: 2_000 };
    const guard = createGuard({ limits: rateLimits, revocations, addressOf: addressReader(proxies), places });
    const services: ApiServices = {
      ...{ handle, loader, store, reads, projector, clock, nameId, rules, onProblem, revocations },
      audit: noAudit,
      ...{
        waitMs: 5_000,
        newId: randomId,
        personal: personalOf(seals),
        ...{ redactions, moments, past },
        reactors: running.reactors,
        readTable: readCsv,
      },
      casting: createCasting({ registry: wuji, loader, box, clock, nameId, rules }),
    };
    const schema = createApi({ registry: wuji, models: caseModels }, () => services);
    const limits = {
      ...{ depth: 12, cost: 5_000, aliases: 15, directives: 20, tokens: 1_000 },
      ...{ introspection: false, bodyBytes: 100_000 },
    };
    const errors = errorFormatter({ hideSuggestions: true, tokens: 1_000, newId: randomId, log: onProblem });
    const common = { schema, authenticate: guard.admitting(authenticate), guard, errors };
    const live = openLive({
      ...{ ...common, registry: wuji, services, models: caseModels, projector, onProblem },
      board: boardOf({ reads, redactions }),
      prepare: documentGate(schema, limits, errors),
    });
    const nothing = async () => ({ ok: true });
    const http = await startHttp({
      ...{ ...common, limits, host: '127.0.0.1', port: 0 },
      handlers: { live: nothing, ready: nothing, metrics: async () => ({ contentType: 'text/plain', body: '' }) },
      routes: (app) => live.routes(app),
    });
    closing.push(() => http.close());
    live.attach(http.server, { maxPayload: 65_536, operationsPerSocket: 50, messagesPerSecond: 200 });
    closing.push(() => live.close());
    forgetting.push(live.forget);
    return { url: http.url, socketUrl: `${http.url.replace('http', 'ws')}/graphql` };
  }
  const nodes: Node[] = [];
  for (const own of owns) nodes.push(await openNode(own));
  const [first] = nodes;
  if (!first) throw new Error('no node');

  const issue = async (person: string, capacity: { mandate: string } | { post: string }) => {
    const token = await auth.issueToken({ person, ...capacity, ttlSeconds: 24 * 3600 });
    if (isRefusal(token)) throw new Error(token.message[0]);
    return token;
  };
  const operatorToken = await issue(operator.person, { post: operator.post });
  const close = () => closeAll(closing);
  const house = { url: first.url, auth, operator, settle: running.settle, close };
  const api = createClient(first.url);
  await enterRegister(house, api, operatorToken);
  return {
    nodes,
    problems,
    operator: operatorToken,
    cast: await openCast(house, api, operatorToken),
    /** Another token of the same deputy. */
    async tokenOf(mandate: string): Promise<string> {
      const query = 'query ($id: ID!) { mandate(id: $id) { personId } }';
      const found = await api.ask<{ mandate: { personId: string } }>(operatorToken, query, { id: mandate });
      return issue(found.mandate.personId, { mandate });
    },
    async log(): Promise<readonly RecordedEvent[]> {
      const found: RecordedEvent[] = [];
      for await (const event of store.readAll()) found.push(event);
      return found;
    },
    pass(seconds: number): void {
      instant += seconds * 1000;
    },
    close,
  };
}
export type Nodes = Awaited<ReturnType<typeof openNodes>>;

/** The claim by which a token is revoked. */
export const jtiOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti;
