import { getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/domain/kernel/actor.js';
import { refOfStream, streamOf } from '../../src/domain/kernel/aggregate.js';
import type { ProposedEvent } from '../../src/domain/kernel/event.js';
import { wuji } from '../../src/domain/wuji.js';
import { plural, singular } from '../../src/graphql/derive/names.js';
import { nameId } from '../../src/infra/ids.js';
import { caseModels } from '../../src/projections/cases/index.js';
import type { Case } from '../laws/world.js';
import { openExportDoor } from './support/doors.js';
import { allRegions, everythingNow, everythingPast } from './support/everything.js';
import { audienceOf, classOf, denials, findsIn, handRules, refusalOf } from './support/expected.js';
import * as plain from './support/plain.js';
import type { Json, Rig } from './support/rig.js';
import { openRig, wouldWrite } from './support/rig.js';
import { derived, documentOf, handMade } from './support/roots.js';
import { tellAll } from './support/world.js';

/** What the matrix does not print: lists, filters, the past, commands, and what somebody learns who guesses. */
const { story, viewers, focus } = tellAll();
const { world, steps } = story;
const all = world.cases();
const cases = focus.flatMap(({ ref }) => world.find(ref) ?? []);
const register = ['person', 'mandate', 'organ', 'post', 'congress'];

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
  await rig.play(steps);
});
afterAll(async () => {
  await rig.close();
});
const codeOf = (answer: Json): string | undefined => answer.errors?.[0]?.extensions?.code;

type Written = { readonly stream: string; readonly event: ProposedEvent };
const log: readonly Written[] = steps.flatMap(({ ref, events }) =>
  events.map((event) => ({ stream: streamOf(ref), event })),
);
const openedAt = new Map<string, string>();
for (const { stream, event } of log) if (!openedAt.has(stream)) openedAt.set(stream, event.effectiveAt);
const caseOf = (stream: string): Case | undefined => world.find(refOfStream(stream));

describe('lists (issue 5, part 6: enumeration, counts, filters, order)', () => {
  test('a list has the cases that are yours to see, newest first, over any number of pages, and no others', async () => {
    const wrong: string[] = [];
    for (const { name, actor } of viewers)
      for (const category of wuji.aggregates.keys()) {
        // The register is the same for everybody: what differs is asked of those at both ends.
        if (register.includes(category) && actor !== null && !name.startsWith('DWC')) continue;
        const source = `query ($after: String) { ${plural(category)}(first: 7, after: $after) { nodes { id } edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
        const found: string[] = [];
        for (let after: string | null = null, more = true; more; ) {
          const page: Json = (await rig.ask(source, actor, { after })).data[plural(category)];
          found.push(...page.nodes.map(({ id }: Json) => id));
          if (page.edges.length !== page.nodes.length) wrong.push(`${category} of ${name}: edges and nodes differ`);
          more = page.pageInfo.hasNextPage;
          after = page.pageInfo.endCursor;
        }
        const expected = ordered(all.filter((one) => one.category === category && classOf(actor, one)));
        if (found.join() !== expected.join())
          wrong.push(`${category} of ${name}: ${found.length}, not ${expected.length}`);
      }
    expect(wrong).toEqual([]);
  });

  test('a filter finds by what you may see of a case: a value that is hidden from you is not there to be found by', async () => {
    const wrong: string[] = [];
    for (const model of caseModels.filter(({ name }) => !register.includes(name))) {
      const root = plural(model.name);
      const of = rig.schema
        .getQueryType()
        ?.getFields()
        [root]?.args.find((arg) => arg.name === 'filter');
      const type = of && getNamedType(of.type);
      if (!type || !isInputObjectType(type)) continue;
      const own = all.filter(({ category }) => category === model.name);
      for (const field of model.filters) {
        const argument = [
          field,
          `${singular(field)}Id`,
          `${model.name}${field.charAt(0).toUpperCase()}${field.slice(1)}`,
        ].find((one) => type.getFields()[one]);
        if (!argument) throw new Error(`${type.name} has no filter for ${field}`);
        const values = [...new Set(own.flatMap((one) => [fieldOf(one.state, field)].flat()))].filter((v) => v != null);
        const source = `query ($filter: ${type.name}) { ${root}(first: 100, filter: $filter) { nodes { id } } }`;
        for (const value of values.slice(0, 4))
          for (const { name, actor } of viewers) {
            const answer = await rig.ask(source, actor, { filter: { [argument]: [value] } });
            const found = answer.data?.[root]?.nodes.map(({ id }: Json) => id).join();
            const expected = ordered(
              own.filter((one) => {
                const shown = classOf(actor, one);
                const seen = shown && plain.cut(model.aggregate.state, one.state, shown, findsIn(world, actor));
                return seen && [fieldOf(seen, field)].flat().includes(value);
              }),
            ).join();
            if (found !== expected) wrong.push(`${root} with ${argument} ${value} of ${name}`);
          }
      }
    }
    expect(wrong).toEqual([]);
  });

  const fieldOf = (state: Json, field: string): Json => state[field];
  const ordered = (found: readonly Case[]): readonly string[] =>
    [...found]
      .sort((a, b) => {
        const [x, y] = [openedAt.get(streamOf(a)) ?? '', openedAt.get(streamOf(b)) ?? ''];
        return x === y ? (a.id < b.id ? 1 : -1) : x < y ? 1 : -1;
      })
      .map(({ id }) => id);
});

describe('the past (issue 5, part 6; decision 2): every event by the narrower of the class then and now', () => {
  /** What is left of an event for somebody; `undefined`: nothing. */
  function shownTo(actor: Actor | null, { stream, event }: Written, tags = plain.tagsOf(actor)): Json | undefined {
    const one = caseOf(stream);
    const then = plain.classFor(tags, event.meta.audience);
    const shown = one && plain.lesser(then, plain.classFor(plain.tagsOf(actor), audienceOf(one)));
    const definition = wuji.events.get(event.type);
    return (
      shown &&
      definition && {
        ...{ id: event.id, type: event.type },
        data: plain.cut(definition.schema, event.data, shown, findsIn(world, actor)),
      }
    );
  }
  const fields = 'nodes { id type data } pageInfo { hasNextPage endCursor }';
  const sorted = (value: Json): string =>
    JSON.stringify(value, (_, one) =>
      one && typeof one === 'object' && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
        : one,
    );
  async function pages(source: string, root: string, actor: Actor | null, given: object = {}): Promise<Json[]> {
    const found: Json[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const answer: Json = await rig.ask(source, actor, { ...given, after });
      if (answer.errors) return [codeOf(answer)];
      found.push(...answer.data[root].nodes);
      more = answer.data[root].pageInfo.hasNextPage;
      after = answer.data[root].pageInfo.endCursor;
    }
    return found;
  }

  test('caseHistory shows of each event what its class leaves, and of a hidden case nothing', async () => {
    const wrong: string[] = [];
    const source = `query ($id: ID!, $after: String) { caseHistory(caseId: $id, after: $after, first: 60) { ${fields} } }`;
    for (const one of cases)
      for (const { name, actor } of viewers) {
        const own = log.filter(({ stream }) => stream === streamOf(one));
        const expected = classOf(actor, one) ? own.flatMap((event) => shownTo(actor, event) ?? []) : ['NOT_FOUND'];
        const found = await pages(source, 'caseHistory', actor, { id: one.id });
        if (sorted(found) !== sorted(expected)) wrong.push(`${one.category} ${one.id} to ${name}`);
      }
    expect(wrong).toEqual([]);
  });

  test('a feed has the events that were addressed to you by a tag of your own, and no others', async () => {
    const wrong: string[] = [];
    const source = `query ($after: String) { dutyFeed(after: $after, first: 60) { ${fields} } }`;
    for (const { name, actor } of viewers) {
      const own = plain.tagsOf(actor).filter((tag) => tag !== 'public');
      const addressed = log.filter(({ event }) => own.some((tag) => event.meta.audience[tag]));
      const expected = addressed.flatMap((event) => shownTo(actor, event) ?? []);
      const found = await pages(source, 'dutyFeed', actor);
      if (sorted(found) !== sorted(expected)) wrong.push(`${name}: ${found.length}, not ${expected.length}`);
    }
    expect(wrong).toEqual([]);
  });

  test('a timeline tells of each case of the chain only what is yours to see', async () => {
    const wrong: string[] = [];
    const source = `query ($id: ID!, $after: String) { timeline(caseId: $id, after: $after, first: 60) { ${fields} } }`;
    for (const one of cases.filter(({ category }) => !register.includes(category)))
      for (const { name, actor } of viewers) {
        const chain = log.find(({ stream }) => stream === streamOf(one))?.event.meta.$correlationId;
        const own = log.filter(({ event }) => event.meta.$correlationId === chain);
        const expected = classOf(actor, one) ? own.flatMap((event) => shownTo(actor, event) ?? []) : ['NOT_FOUND'];
        const found = await pages(source, 'timeline', actor, { id: one.id });
        if (sorted(found) !== sorted(expected)) wrong.push(`${one.category} ${one.id} to ${name}`);
      }
    expect(wrong).toEqual([]);
  });

  test('a proof shows in full what the history shows whole, and the rest by its hash alone; a hidden case is none', async () => {
    const wrong: string[] = [];
    let [full, withheld] = [0, 0];
    for (const one of cases)
      for (const { name, actor } of viewers) {
        if (handRules.proof?.(actor, { case: one })) continue;
        const own = log.filter(({ stream }) => stream === streamOf(one));
        const whole = own.filter((event) => sorted(shownTo(actor, event)?.data ?? null) === sorted(event.event.data));
        await rig.ask('query ($id: ID!) { auditProof(caseId: $id) { format } }', actor, { id: one.id });
        const expected = whole.map(({ event }) => event.id).join();
        if (rig.proven().join() !== expected)
          wrong.push(`${one.category} ${one.id} to ${name}: ${rig.proven().length}`);
        full += whole.length;
        withheld += own.length - whole.length;
      }
    expect(wrong).toEqual([]);
    expect(full).toBeGreaterThan(500);
    expect(withheld).toBeGreaterThan(50);
  });

  test('an export has for an auditor what the histories show, and for the operator all that was recorded', async () => {
    const askers = viewers.filter(({ actor }) => !handRules.export?.(actor, {}));
    const door = await openExportDoor(
      rig,
      askers.map(({ actor }) => actor),
    );
    for (const { name, actor } of askers) {
      const audits = actor?.kind === 'official' && actor.organKind === 'AUD';
      const expected = audits
        ? log.flatMap((each) => shownTo(actor, each) ?? [])
        : log.map(({ event: { id, type, data } }) => ({ id, type, data }));
      const { lines } = await door.get('/export', actor);
      expect(sorted(lines.map(({ id, type, data }) => ({ id, type, data }))), name).toBe(sorted(expected));
      const chains = lines.map(({ stream, meta }) => [refOfStream(stream).id, meta.$correlationId]);
      const hidden = chains.filter(
        ([own, chain]) => own !== chain && !all.some((c) => c.id === chain && classOf(actor, c)),
      );
      expect(audits ? hidden : [], name).toEqual([]);
    }
    door.close();
  });
});

describe('commands (issue 5, part 6): rights are checked before anything else is told', () => {
  test('each mutation, on a case of each outcome, is refused with the code of its rule; who may is told of the revision', async () => {
    const wrong: string[] = [];
    const inputs = new Map(steps.map(({ action, input }) => [action, input]));
    for (const { name, from } of derived) {
      const action = from === 'action' ? wuji.actions.get(name) : undefined;
      const input = inputs.get(name);
      if (!action || input === undefined) continue;
      const field = rig.schema.getMutationType()?.getFields()[name];
      const takes = field?.args.find((arg) => arg.name === 'input');
      const creates = action.from === null;
      const declared = [...(creates ? [] : ['$id: ID!']), ...(takes ? [`$input: ${takes.type}`] : [])].join(', ');
      const given = [...(creates ? [] : ['id: $id', 'expectedRevision: 9999']), ...(takes ? ['input: $input'] : [])];
      const source = `mutation ${declared && `(${declared})`} { ${name}${given.length > 0 ? `(${given.join(', ')})` : ''} { caseId } }`;
      for (const { name: who, actor } of viewers) {
        if (!actor) {
          const code = codeOf(await rig.ask(source, null, { id: nameId('closed door', 'none'), input }));
          if (code !== 'SIGN_IN_REQUIRED') wrong.push(`${name} by nobody: ${code}`);
          continue;
        }
        if (creates) {
          const expected = refusalOf(action, actor, undefined);
          const answer = await rig.ask(source, actor, { input });
          const code = codeOf(answer);
          const inTime = expected === undefined ? answer.data === null || code === undefined : code === expected;
          if (!inTime) wrong.push(`${name} by ${who}: ${code}, not ${expected}`);
          continue;
        }
        const tried = new Set<string>();
        for (const one of cases.filter(({ category }) => category === action.category)) {
          const expected = refusalOf(action, actor, one) ?? 'REVISION_CONFLICT';
          if (tried.has(expected)) continue;
          tried.add(expected);
          const code = codeOf(await rig.ask(source, actor, { id: one.id, input }));
          if (code !== expected) wrong.push(`${name} by ${who} on ${one.id}: ${code}, not ${expected}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    const unexpected = rig.problems.filter((one) => !String(one).includes(wouldWrite));
    expect(unexpected).toEqual([]);
    rig.problems.length = 0;
  });
});

describe('ids of hidden cases (issue 5, part 6)', () => {
  test('no answer to somebody names a case that he or she cannot find, by whatever field', async () => {
    const wrong: string[] = [];
    const few = [
      'anybody',
      'deputy, county: outsider',
      'deputy, county: lead signer',
      'ORG 150800, head',
      'AUD 150800, clerk',
    ];
    for (const { name, actor } of viewers.filter((one) => few.includes(one.name))) {
      const refs = cases.filter((one) => classOf(actor, one) && !register.includes(one.category));
      const told = [
        ...(await everythingNow(rig, actor, refs, allRegions)),
        ...(await everythingPast(rig, actor, refs, [])),
      ].join();
      for (const { category, id } of all.filter((one) => !classOf(actor, one)))
        if (told.includes(id))
          wrong.push(`${category} ${id} to ${name}: ${told.slice(told.indexOf(id) - 80, told.indexOf(id))}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('guessing (issue 5, part 6): a hidden id and one that nobody has are answered alike', () => {
  test('by equal bytes and as many reads, at every root that takes an id', async () => {
    const wrong: string[] = [];
    const now = (await rig.store.head()) ?? '';
    const byHand = handMade.filter(
      ({ kind, call }) => kind !== 'subscription' && kind !== 'http' && call.includes('$case'),
    );
    const sources = [
      ...byHand.map((root) => ({ ...documentOf(root), of: undefined })),
      ...[...wuji.aggregates.keys()].map((category) => ({
        ...{ source: `query ($case: ID!) { ${category}(id: $case) { id } }`, variables: ['case'], of: category },
      })),
    ];
    const hidden = new Map<string, Case[]>();
    for (const one of cases) hidden.set(one.category, [...(hidden.get(one.category) ?? []), one]);
    const nobodys = nameId('closed door', 'nobody has this id');
    for (const { name, actor } of viewers)
      for (const { source, variables, of } of sources)
        for (const [category, known] of hidden) {
          const one = known.find((each) => !classOf(actor, each));
          if (!one || (of && of !== category)) continue;
          const asked = async (id: string) => {
            const given = { case: id, now, person: nobodys };
            const used = Object.fromEntries(Object.entries(given).filter(([key]) => variables.includes(key)));
            const before = rig.readsSoFar();
            const answer = JSON.stringify(await rig.ask(source, actor, used)).replaceAll(id, 'ID');
            return { answer, reads: rig.readsSoFar() - before };
          };
          const [a, b] = [await asked(one.id), await asked(nobodys)];
          if (a.answer !== b.answer) wrong.push(`${source} of ${category} by ${name}: ${a.answer}, and ${b.answer}`);
          if (a.reads !== b.reads) wrong.push(`${source} of ${category} by ${name}: ${a.reads} reads, and ${b.reads}`);
        }
    expect([...new Set(wrong)].slice(0, 20)).toEqual([]);
    expect(denials.has('NOT_FOUND')).toBe(true);
  });
});
