import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentNode, ExecutionResult } from 'graphql';
import { execute, parse, validate } from 'graphql';
import { createCasting } from '../../../src/domain/ballots/casting.js';
import { defaultRules } from '../../../src/domain/collaboration/time-limits.js';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import { streamOf } from '../../../src/domain/kernel/aggregate.js';
import { createHandle } from '../../../src/domain/kernel/handle.js';
import { createLoader } from '../../../src/domain/kernel/load.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { resolveActor } from '../../../src/domain/organization/authority.js';
import { wuji } from '../../../src/domain/wuji.js';
import type { ApiServices } from '../../../src/graphql/api.js';
import { createApi } from '../../../src/graphql/api.js';
import type { Viewer } from '../../../src/graphql/context.js';
import { anybody, viewerOf } from '../../../src/graphql/context.js';
import { errorFormatter } from '../../../src/graphql/errors.js';
import { renewAuditKey } from '../../../src/infra/audit-keys.js';
import { openEmbeddedBallotBox } from '../../../src/infra/ballot-box/embedded.js';
import { chineseCalendar } from '../../../src/infra/calendar.js';
import { closeAll } from '../../../src/infra/closing.js';
import { readCsv } from '../../../src/infra/csv.js';
import { openEmbeddedEventStore } from '../../../src/infra/event-store/embedded.js';
import { headFile } from '../../../src/infra/head-file.js';
import { nameId } from '../../../src/infra/ids.js';
import { openRevocations } from '../../../src/infra/in-process/revocations.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import { scratchStores } from '../../../src/infra/read-store/scratch.js';
import { sha256 } from '../../../src/infra/sha256.js';
import { boardModels, boardTables } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import { feed } from '../../../src/projections/feeds/feed.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { createAudit } from '../../../src/projections/ledger/audit.js';
import { createHeads } from '../../../src/projections/ledger/heads.js';
import type { AuditKey } from '../../../src/projections/ledger/ports.js';
import { ledgerRefusals } from '../../../src/projections/ledger/refusals.js';
import { createMoments } from '../../../src/projections/replay/moments.js';
import { createPast } from '../../../src/projections/replay/past.js';
import { redactionsOf } from '../../support/redactions.js';
import { personalOf, sealsOf } from '../../support/seals.js';
import type { Step } from './story.js';

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client without types reads them
export type Json = any;
export const today = '2026-03-02T02:00:00.000Z';
export const rules = defaultRules(chineseCalendar());
/** What an action comes to that was let through: nothing can be written in a rig that stands still. */
export const wouldWrite = 'the rig stands still';

let made: Promise<AuditKey> | undefined;
/** One for all rigs: two worlds that are compared differ in nothing else. */
const auditKey = (): Promise<AuditKey> => (made ??= makeAuditKey());
async function makeAuditKey(): Promise<AuditKey> {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-closed-door-'));
  const key = await renewAuditKey(join(folder, 'audit.json'), today);
  await rm(folder, { recursive: true });
  if (isRefusal(key)) throw new Error(key.refused);
  return key;
}

/** The whole API over the real embedded stores, in a folder of its own. Nothing is written to it but the story's steps. */
export async function openRig() {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-closed-door-'));
  const closing: (() => unknown)[] = [() => rm(folder, { recursive: true })];
  let time = today;
  const clock = { now: () => new Date(time) };
  const store = await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: clock.now });
  closing.push(() => store.close());
  const problems: unknown[] = [];
  const onProblem = (problem: unknown) => void problems.push(problem);
  const reads = openEmbeddedReadStore({ folder: join(folder, 'read'), epoch: store.epoch, onDropped: onProblem });
  closing.push(() => reads.close());
  const box = openEmbeddedBallotBox({ folder: join(folder, 'ballots') });
  const loader = createLoader(store, wuji);
  const seals = sealsOf();
  const still: EventStore = {
    ...seenAs(store),
    append: async () => {
      throw new Error(wouldWrite);
    },
  };
  const models = [...caseModels, ...boardModels, feed];
  const projector = createProjector({
    ...{ events: store, registry: wuji, readStore: reads, models, clock, onProblem },
  });
  projector.start();
  closing.push(() => projector.stop());
  const past = createPast({
    events: store,
    registry: wuji,
    models: models.filter(({ name }) => boardTables.has(name)),
    openScratch: scratchStores(join(folder, 'past'), store.epoch),
  });
  closing.push(() => past.close());
  // No tree is kept: who may ask is the question here, not what a proof is.
  const key = await auditKey();
  const ledger = { events: store, readStore: reads, sha256, clock, key, onProblem };
  /** What a proof that was asked for would have had in full. */
  const proven: string[] = [];
  const redactions = redactionsOf({ reads, loader, registry: wuji, projector });
  /** Each question to a store or the loader: what a caller could time. */
  let asked = 0;
  const counted = <T extends object>(of: T): T =>
    new Proxy(of, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          asked++;
          return Reflect.apply(value, target, args);
        };
      },
    });
  const reading = { store: counted(store), reads: counted(reads), loader: counted(loader) };
  let count = 0;
  const services: ApiServices = {
    ...{ ...reading, projector, clock, nameId, rules, onProblem, past, moments: createMoments(store) },
    handle: createHandle({ store: still, registry: wuji, loader, clock, nameId, rules, seals }),
    casting: createCasting({ registry: wuji, loader, box, clock, nameId, rules }),
    personal: personalOf(seals),
    redactions,
    audit: {
      ...createAudit({
        ...ledger,
        registry: wuji,
        heads: createHeads({ ...ledger, book: headFile(join(folder, 'heads')) }),
        waitMs: 0,
      }),
      fileOf: async ({ category, id }, show) => {
        proven.splice(0);
        for await (const event of store.readStream(streamOf({ category, id })))
          if ((await show(event)).isShown) proven.push(event.id);
        return ledgerRefusals.LEDGER_NOT_READY();
      },
    },
    revocations: await openRevocations(join(folder, 'revoked'), () => clock.now().getTime()),
    ...{ reactors: [], readTable: readCsv, waitMs: 30_000, newId: () => nameId('closed door', `asked ${count++}`) },
  };
  const schema = createApi({ registry: wuji, models: caseModels }, () => services);
  const errors = errorFormatter({ hideSuggestions: true, tokens: 10_000, newId: () => 'error', log: onProblem });

  const documents = new Map<string, DocumentNode>();
  function documentOf(source: string): DocumentNode {
    const known = documents.get(source);
    if (known) return known;
    const document = parse(source);
    const [wrong] = validate(schema, document);
    if (wrong) throw new Error(`${wrong.message}: ${source}`);
    documents.set(source, document);
    return document;
  }

  const viewers = new Map<Actor, Promise<Viewer>>();
  /** With the rights that the log gives now, as each operation of a token is given them. */
  function viewerNow(actor: Actor | null): Promise<Viewer> {
    if (!actor || actor.kind === 'system') return Promise.resolve(anybody);
    const known = viewers.get(actor);
    if (known) return known;
    const made = resolveActor(loader, actor).then((found) => {
      if (isRefusal(found)) throw new Error(found.refused);
      return viewerOf(found);
    });
    viewers.set(actor, made);
    return made;
  }

  const revisions = new Map<string, number>();
  return {
    ...{ schema, services, store, reads, loader, projector, problems, documentOf, viewerNow, errors },
    readsSoFar: () => asked,
    proven: (): readonly string[] => [...proven],
    /** Appends what the steps have come to, and waits until it can be read. */
    async play(steps: readonly Step[]): Promise<void> {
      for (const { ref, events, now } of steps) {
        if (events.length === 0) continue;
        const stream = streamOf(ref);
        const last = revisions.get(stream);
        time = now;
        await store.append(stream, events, last ?? 'no_stream');
        revisions.set(stream, (last ?? -1) + events.length);
      }
      time = today;
      viewers.clear();
      await projector.waitFor((await store.head()) ?? '', 30_000);
      await redactions.load();
    },
    async ask(
      source: string,
      actor: Actor | null,
      variableValues: Readonly<Record<string, unknown>> = {},
    ): Promise<Json> {
      const contextValue = { viewer: await viewerNow(actor) };
      const result = (await execute({
        ...{ schema, document: documentOf(source), variableValues, contextValue },
      })) as ExecutionResult;
      const told = result.errors?.map((error) => {
        const { path } = error;
        return { ...errors.toClient(error).toJSON(), path };
      });
      return JSON.parse(JSON.stringify({ ...result, ...(told && { errors: told }) }));
    },
    close: () => closeAll(closing),
  };
}
export type Rig = Awaited<ReturnType<typeof openRig>>;

const seenAs = (store: EventStore): EventStore => ({
  epoch: store.epoch,
  append: (...args) => store.append(...args),
  readStream: (...args) => store.readStream(...args),
  readAll: (...args) => store.readAll(...args),
  subscribe: (...args) => store.subscribe(...args),
  head: () => store.head(),
  close: () => store.close(),
});
