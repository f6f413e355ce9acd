import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Actor } from '../../src/domain/kernel/actor.js';
import type { AnyAction } from '../../src/domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { operatorIds } from '../../src/domain/organization/bootstrap.js';
import { wuji } from '../../src/domain/wuji.js';
import { nameId } from '../../src/infra/ids.js';
import { chooseActor, chooseCase, poolOf } from '../laws/walk.js';
import { type Case, World as Cases } from '../laws/world.js';
import { openWorld } from '../live/support/world.js';
import type { Draw } from '../support/arbitrary.js';
import { arbitraryOf, draws } from '../support/arbitrary.js';
import { ask, assertFit } from './support/answers.js';
import { brokenOf, junkOf } from './support/broken.js';
import { inRounds, type Round, roundsTimeout } from './support/rounds.js';

const unlimited = { WUJI_RATE_MUTATIONS: '1000000', WUJI_RATE_QUERIES: '1000000', WUJI_RATE_CONNECTIONS: '1000000' };
const actions = [...wuji.actions];
const inputTypeOf = (action: string) => `${action.charAt(0).toUpperCase()}${action.slice(1)}Input!`;

/** The operator stays in office: it is who reads the log. */
const kept = new Set<string>(Object.values(operatorIds(nameId)));

type Receipt = { readonly caseId: string; readonly revision: number; readonly events: readonly { type: string }[] };
type Server = Awaited<ReturnType<typeof openWorld>>;

/** A server, and its cases as its log tells them. */
async function openHouse() {
  const server = await openWorld(unlimited);
  const cases = Cases.empty('2026-02-03T01:00:00.000Z');
  let known = 0;
  const look = async () => {
    const events = await server.log();
    for (const event of events.slice(known)) cases.record(event);
    known = events.length;
  };
  await look();
  const old = new Set(cases.cases().map(({ id }) => id));
  const tokens = new Map<string, string>();
  async function tokenOf(actor: Actor): Promise<string> {
    if (actor.kind === 'system') return server.operator;
    const [holder, capacity] =
      actor.kind === 'deputy' ? [actor.mandate, { mandate: actor.mandate }] : [actor.post, { post: actor.post }];
    const token = tokens.get(holder) ?? (await server.issue(actor.person, capacity));
    tokens.set(holder, token);
    return token;
  }
  return { server, cases, old, look, tokenOf };
}

/** In turn each action, and one of those for which a case is open that was done least: so it comes to deep states too. */
function nextAction(draw: Draw, run: number, cases: Cases, done: ReadonlyMap<string, number>) {
  const statuses = new Set(cases.cases().map(({ category, state }) => `${category} ${state.status}`));
  const open = ({ from, category }: AnyAction) =>
    from === null || from.some((each) => statuses.has(`${category} ${each}`));
  const times = ([name]: (typeof actions)[number]) => done.get(name) ?? 0;
  const least = draw(
    fc.shuffledSubarray(
      actions.filter(([, action]) => open(action)),
      { minLength: 5, maxLength: 5 },
    ),
  );
  return run % 2 === 0 ? actions[(run / 2) % actions.length] : least.sort((a, b) => times(a) - times(b))[0];
}

/** On a case for which it is open, when there is one. */
function choose(draw: Draw, cases: Cases, action: AnyAction, old: ReadonlySet<string>) {
  const wanted = action.from === null ? undefined : chooseCase(draw, cases, action, old);
  const on = action.from === null || (wanted && !kept.has(wanted.id)) ? wanted : anyOf(draw, cases, action);
  const able = action.from === null || on ? chooseActor(draw, cases, action, on, undefined) : undefined;
  const actor = able ?? draw(fc.constantFrom(...cases.actors()));
  const good = draw(arbitraryOf(action.input, poolOf(cases, on, actor)));
  const isBroken = draw(fc.nat(3)) === 0;
  return { on, actor, input: isBroken ? draw(brokenOf(good)) : good };
}

function anyOf(draw: Draw, cases: Cases, { category }: AnyAction): Case | undefined {
  const fitting = cases.cases().filter((each) => each.category === category && !kept.has(each.id));
  return fitting.length === 0 ? undefined : draw(fc.constantFrom(...fitting));
}

/** The request, in which one of the other arguments may be broken too. */
function requestOf(draw: Draw, name: string, action: AnyAction, on: Case | undefined, input: unknown, fresh: string) {
  const takesInput = Object.keys((action.input as { shape?: object }).shape ?? {}).length > 0;
  const oddly = draw(fc.nat(14)) === 0 ? draw(fc.constantFrom('id', 'commandId', 'expectedRevision')) : undefined;
  const given: readonly (readonly [name: string, type: string, value: unknown])[] = [
    ...(action.from === null ? [] : [['id', 'ID!', on?.id ?? draw(fc.uuid())] as const]),
    ...(takesInput ? [['input', inputTypeOf(name), input] as const] : []),
    ['commandId', 'ID', fresh],
    ...(oddly === 'expectedRevision' && action.from !== null ? [['expectedRevision', 'Int', 0] as const] : []),
  ];
  const declared = given.map(([key, type]) => `$${key}: ${type}`).join(', ');
  const passed = given.map(([key]) => `${key}: $${key}`).join(', ');
  return {
    query: `mutation (${declared}) { ${name}(${passed}) { caseId revision position events { type } case { id } } }`,
    variables: Object.fromEntries(given.map(([key, , value]) => [key, key === oddly ? draw(junkOf()) : value])),
  };
}

/** Of every command that was answered its events stand in the log, and no others of anybody's. */
function assertRecorded(log: readonly RecordedEvent[], before: number, receipts: ReadonlyMap<string, Receipt>): void {
  const placeOf = ({ stream, revision }: RecordedEvent) => `${stream}@${revision}`;
  const ofPeople = log.slice(before).filter(({ meta }) => !('policy' in meta.actor));
  expect(ofPeople.map(placeOf).filter((place) => !receipts.has(place))).toEqual([]);
  const types = new Map(log.map((event) => [placeOf(event), event.type]));
  for (const [place, { revision, events }] of receipts) {
    expect([...types.keys()]).toContain(place);
    if (place.endsWith(`@${revision}`) && events.length > 0) expect(types.get(place)).toBe(events.at(-1)?.type);
  }
}

async function play(round: Round): Promise<ReadonlySet<string>> {
  const { server, cases, old, look, tokenOf } = await openHouse();
  const done = new Set<string>();
  try {
    const before = (await server.log()).length;
    const receipts = new Map<string, Receipt>();
    const tried = new Map<string, number>();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(draws(), async (draw) => {
        const [name, action] = nextAction(draw, run, cases, tried) ?? expect.fail('no actions');
        tried.set(name, (tried.get(name) ?? 0) + 1);
        const { on, actor, input } = choose(draw, cases, action, old);
        const body = requestOf(draw, name, action, on, input, `fuzz ${draw(fc.nat(19)) === 0 ? run - 1 : run}`);
        const about = `run ${run++}: ${JSON.stringify(body.variables).slice(0, 1_000)}`;
        const { codes, data } = await ask(server.url, await tokenOf(actor), body, about);
        if (codes.length > 0) return;
        keep(receipts, action.category, data[name]);
        done.add(name);
        await server.settle();
        await look();
      }),
      round,
    );
    await assertFit(server.url);
    const log = await server.log();
    assertRecorded(log, before, receipts);
    await restart(server);
    expect(await server.log()).toEqual(log);
  } finally {
    await server.close();
  }
  return done;
}

function keep(receipts: Map<string, Receipt>, category: string, receipt: Receipt): void {
  // Who has just given up the right to see the case is not shown what was recorded.
  const first = receipt.revision - Math.max(1, receipt.events.length) + 1;
  for (let revision = first; revision <= receipt.revision; revision++)
    receipts.set(`${category}-${receipt.caseId}@${revision}`, receipt);
}

async function restart(server: Server): Promise<void> {
  await server.stop();
  await server.start();
  await server.settle();
}

it(
  'every action over HTTP, with inputs near its schema: a receipt that holds, or a code; nothing else is written, no policy and no fold fails (issue 5 part 7)',
  async () => {
    const done = new Set<string>();
    await inRounds({ target: 'actions', runs: 4 * actions.length }, async (round) => {
      for (const name of await play(round)) done.add(name);
    });
    // Otherwise only refusals would have been seen.
    expect(done.size).toBeGreaterThan(25);
  },
  roundsTimeout,
);
