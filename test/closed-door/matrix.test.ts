import { getNamedType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/domain/kernel/actor.js';
import { levelOf } from '../../src/domain/kernel/region.js';
import { classesOf } from '../../src/domain/kernel/visibility.js';
import { wuji } from '../../src/domain/wuji.js';
import type { Case } from '../laws/world.js';
import { openExportDoor, openLiveDoor } from './support/doors.js';
import type { Asked } from './support/expected.js';
import { classOf, denials, findsIn, handRules, refusalOf } from './support/expected.js';
import type { Looked } from './support/fields.js';
import { compare, envelope, strayFields } from './support/fields.js';
import type { Class } from './support/plain.js';
import { classes } from './support/plain.js';
import type { Json, Rig } from './support/rig.js';
import { openRig, wouldWrite } from './support/rig.js';
import type { HandMade } from './support/roots.js';
import { derived, documentOf, handMade, rootsOf, variablesOf } from './support/roots.js';
import { selectionOf } from './support/selection.js';
import { tellAll } from './support/world.js';

/**
 * Issue 5, part 6. The rules stand in the registry (audience of a case, class of a field, who may act) and, for what is
 * made by hand, in `operations.txt`. Each cell is asked of the real API and compared with a second, plain reading of
 * those rules (`support/plain.ts`, `support/expected.ts`); then all of it is printed into `matrix.txt`, which people
 * review. Make it anew: `npx vitest run --project wuji test/closed-door/matrix.test.ts -u`, and read the difference.
 */
const { story, viewers, focus } = tellAll();
const { world } = story;
const caseOf = (ref: { category: string; id: string }): Case => {
  const found = world.find(ref);
  if (!found) throw new Error(`no ${ref.category} ${ref.id}`);
  return found;
};
/** The first case of the chain of each. */
const chainOf = new Map(
  story.steps.flatMap(({ ref, events }) => events.map(({ meta }) => [ref.id, meta.$correlationId])),
);
const cases = focus.map(({ name, ref }) => ({ name, ...caseOf(ref) }));
/** All cells, and not a sample of those that a hand-made root has for each case: `WUJI_CLOSED_DOOR=full`. */
const full = process.env.WUJI_CLOSED_DOOR === 'full';

let rig: Rig;
let live: ReturnType<typeof openLiveDoor>;
let exported: Awaited<ReturnType<typeof openExportDoor>>;
const printed: Record<string, string[]> = { roots: [], actions: [], cases: [], fields: [] };
beforeAll(async () => {
  rig = await openRig();
  await rig.play(story.steps);
  live = openLiveDoor(rig);
  exported = await openExportDoor(
    rig,
    viewers.map(({ actor }) => actor),
  );
});
afterAll(async () => {
  exported.close();
  live.close();
  await rig.close();
});

const codeOf = (answer: Json): string | undefined => answer.errors?.[0]?.extensions?.code;
const rowOf = (letters: readonly string[]): string => letters.join('').replace(/(.{5})(?=.)/g, '$1 ');

describe('the roots of the API (issue 5, part 6)', () => {
  test('every root is derived from the registry or has a line in operations.txt, and no line is of no root', () => {
    const named = [...derived, ...handMade].map(({ kind, name }) => `${kind} ${name}`);
    const served = rootsOf(rig.schema);
    const withoutRule = served.filter((root) => !named.includes(root));
    const ofNoRoot = named.filter((root) => !served.includes(root) && !root.startsWith('http '));
    expect(
      withoutRule,
      `new root without a rule: write a line for ${withoutRule.join(', ')} in test/closed-door/operations.txt`,
    ).toEqual([]);
    expect(ofNoRoot, `operations.txt or the registry names what is not served: ${ofNoRoot.join(', ')}`).toEqual([]);
    const ruleless = handMade.filter(({ rule }) => !handRules[rule]);
    expect(ruleless, 'support/expected.ts does not say what the rule means').toEqual([]);
  });

  async function codeAt(root: HandMade, actor: Actor | null, given: Readonly<Record<string, unknown>>) {
    if (root.kind === 'http') return (await exported.get(root.call, actor)).code;
    const { source, variables } = documentOf(root);
    if (root.kind !== 'subscription') return codeOf(await rig.ask(source, actor, only(given, variables)));
    const { code, end } = await live.listen(source, actor, only(given, variables));
    end();
    return code;
  }

  test('a door made by hand answers those whom its line names, and nobody else, also live', async () => {
    const wrong: string[] = [];
    const now = (await rig.store.head()) ?? '';
    for (const root of handMade) {
      const rule = handRules[root.rule];
      if (!rule) continue;
      const variables = variablesOf(root);
      const codes = new Set<string>();
      const letters: string[] = [];
      for (const { name, actor } of viewers) {
        const cells = subjectsOf(root.name, root.rule, variables, actor);
        let allowed = 0;
        let counted = 0;
        for (const asked of cells) {
          const region = asked.region ?? '150800';
          const given = {
            ...{ case: asked.case?.id, region, level: levelOf(region) },
            ...{ organ: asked.organ, person: asked.person, now },
          };
          const code = await codeAt(root, actor, given);
          const expected = rule(actor, asked);
          const denied = code !== undefined && denials.has(code) ? code : undefined;
          if (denied !== expected)
            wrong.push(
              `${root.name} by ${name} of ${asked.case?.id ?? region}: ${code}, not ${expected ?? 'an answer'}`,
            );
          if (asked.case && !isSampled(root.name, asked.case)) continue; // the matrix is the same after a full run
          counted++;
          if (denied === undefined) allowed++;
          else codes.add(denied);
        }
        letters.push(allowed === counted ? '+' : allowed > 0 ? '~' : '.');
      }
      const row = `${root.kind} ${root.name} (${root.rule})`.padEnd(44);
      printed.roots?.push(`${row} ${rowOf(letters)}  ${[...codes].sort().join(' ')}`);
    }
    expect(wrong).toEqual([]);
  });

  /** Whatever a rule can turn on, once each. */
  function subjectsOf(name: string, rule: string, variables: readonly string[], actor: Actor | null): readonly Asked[] {
    const people = variables.includes('person')
      ? [actor && actor.kind !== 'system' ? actor.person : stranger, stranger]
      : [undefined];
    if (rule === 'past-case') return sampled(name).map((one) => ({ case: one, person: stranger }));
    if (variables.includes('case')) return sampled(name).map((one) => ({ case: one }));
    if (variables.includes('region')) return boardRegions.map((region) => ({ region }));
    if (variables.includes('organ')) {
      const own = actor?.kind === 'official' ? [{ organ: actor.organ }] : [];
      return [...own, { organ: cases.find(({ category }) => category === 'organ')?.id }];
    }
    return people.map((person) => ({ person }));
  }
  const stranger = cases.find(({ category }) => category === 'person')?.id;
  const boardRegions = ['000000', '150000', '150800', '150802', '150821', '150802100', '150821100'];
  const kindsSeen = (name: string) =>
    cases.filter(({ category }) => (name === 'castBallot' || name === 'myBallot' ? category === 'ballot' : true));
  const sampled = (name: string): readonly Case[] => kindsSeen(name).filter((one) => full || isSampled(name, one));
  /** Of each kind of case the first two; all of them in the full run. */
  function isSampled(name: string, { category, id }: Case): boolean {
    const own = kindsSeen(name).filter((one) => one.category === category);
    return own.slice(0, 2).some((one) => one.id === id);
  }
  const only = (given: Readonly<Record<string, unknown>>, names: readonly string[]) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => names.includes(key)));
});

describe('cases and their fields (issue 5, part 6; domain.md P1, P2, P6)', () => {
  test('a case shows to those whom its audience names, each field to its class, a reference only if its case does', async () => {
    const looked: Looked = { wrong: [], shown: new Set() };
    for (const one of cases) {
      const { schema: state, typeName, source } = documentOfKind(one.category);
      const letters: string[] = [];
      for (const { name, actor } of viewers) {
        const shown = classOf(actor, one);
        const answer = await rig.ask(source, actor, { id: one.id });
        const row = answer.data?.[one.category];
        if (answer.errors) looked.wrong.push(`${one.category} by ${name}: ${codeOf(answer)}`);
        if ((row?.viewerClass ?? undefined) !== shown)
          looked.wrong.push(`${one.name} (${one.category}) is ${row?.viewerClass} to ${name}, not ${shown}`);
        letters.push(shown ? letterOf[shown] : '.');
        if (!row || !shown) continue;
        const of = { schema: state, typeName, prefix: one.category };
        compare(rig.schema, of, one.state, row, shown, findsIn(world, actor), looked);
        const first = world.cases().find(({ id }) => id === chainOf.get(one.id));
        const chain = first && classOf(actor, first) ? first.id : one.id;
        if (row.correlationId !== chain) looked.wrong.push(`${one.name} leads ${name} to ${row.correlationId}`);
      }
      printed.cases?.push(`${rowOf(letters)}  ${one.category}: ${one.name} (${one.state.status})`);
    }
    expect([...new Set(looked.wrong)]).toEqual([]);
    for (const category of wuji.aggregates.keys()) printFields(category, looked);
  });

  test('a field of a kind of case without a class, and a class without a field, fail', () => {
    const stray = [...wuji.aggregates.keys()].flatMap((category) => {
      const { schema, typeName } = documentOfKind(category);
      return strayFields(rig.schema, { schema, typeName, prefix: category }, envelope);
    });
    expect(stray).toEqual([]);
  });

  const letterOf: Readonly<Record<Class, string>> = { public: 'p', follower: 'f', participant: 'P', office: 'O' };

  const kinds = new Map<string, ReturnType<typeof makeKind>>();
  function documentOfKind(category: string) {
    const known = kinds.get(category) ?? makeKind(category);
    kinds.set(category, known);
    return known;
  }
  function makeKind(category: string) {
    const field = rig.schema.getQueryType()?.getFields()[category];
    if (!field) throw new Error(`no query ${category}`);
    const typeName = getNamedType(field.type).name;
    const source = `query ($id: ID!) { ${category}(id: $id) { ${selectionOf(rig.schema, typeName)} } }`;
    return { schema: wuji.aggregate(category).state, typeName, source };
  }

  /** The class that a field has, and in which classes something was seen of it: `#` seen, `-` not. */
  function printFields(category: string, { shown }: Looked): void {
    const { schema, typeName } = documentOfKind(category);
    const declared = classesOf(schema) ?? {};
    const names = new Set(
      [...shown].map((one) => one.split(' ')[0] ?? '').filter((at) => at.startsWith(`${typeName}.`)),
    );
    printed.fields?.push(
      ...Object.entries(declared).map(([key, of]) => {
        const own = [...names].filter((at) => at === `${typeName}.${key}` || at.startsWith(`${typeName}.${key}Id`));
        const seen = classes.map((one) => (own.some((at) => shown.has(`${at} ${one}`)) ? '#' : '-')).join('');
        return `${seen}  ${typeName}.${key} (${of})`;
      }),
    );
  }
});

describe('actions (issue 5, part 6; domain.md P1–P6)', () => {
  test('availableActions says of each action on each case what its rules say, and nothing of a case that is hidden', async () => {
    const wrong: string[] = [];
    const open = new Map<string, number>();
    const source = 'query ($id: ID!) { availableActions(caseId: $id) { action open refusal { code } } }';
    for (const one of cases)
      for (const { name, actor } of viewers) {
        const answer = await rig.ask(source, actor, { id: one.id });
        if (!classOf(actor, one)) {
          if (codeOf(answer) !== 'NOT_FOUND') wrong.push(`${one.category} ${one.name} to ${name}: ${codeOf(answer)}`);
          continue;
        }
        const told = (answer.data?.availableActions ?? []).map(({ action, open: can, refusal }: Json) => [
          action,
          can ? 'open' : refusal.code,
        ]);
        const said = actor
          ? derived.flatMap(({ name: action, from }) => {
              const definition = from === 'action' ? wuji.actions.get(action) : undefined;
              if (!definition || definition.from === null || definition.category !== one.category) return [];
              return [[action, refusalOf(definition, actor, one) ?? 'open']];
            })
          : [];
        for (const [action, can] of said)
          if (can === 'open') open.set(`${action} ${name}`, (open.get(`${action} ${name}`) ?? 0) + 1);
        if (JSON.stringify(told.sort()) !== JSON.stringify(said.sort()))
          wrong.push(`${one.category} ${one.name} to ${name}: ${JSON.stringify(told)}, not ${JSON.stringify(said)}`);
      }
    expect(wrong).toEqual([]);
    for (const { name: action, from } of derived) {
      const definition = from === 'action' ? wuji.actions.get(action) : undefined;
      if (!definition) continue;
      const letters = viewers.map(({ name, actor }) => {
        if (definition.from !== null) return counted(open.get(`${action} ${name}`) ?? 0);
        return actor && refusalOf(definition, actor, undefined) === undefined ? '+' : '.';
      });
      printed.actions?.push(`${`${definition.category}: ${action}`.padEnd(44)} ${rowOf(letters)}`);
    }
  });
});

/** On how many cases: a condition that was dropped shows as a number that has grown. */
const counted = (cases: number): string => (cases === 0 ? '.' : cases < 10 ? String(cases) : '*');

test('the matrix is the one that was reviewed', async () => {
  const lines = [
    'The closed door: who is answered, who sees what, who can do what. Made by matrix.test.ts; review every difference.',
    '',
    'COLUMNS, from left to right',
    ...viewers.map(({ name }, n) => `${String(n + 1).padStart(3)}  ${name}`),
    '',
    'DOORS MADE BY HAND (+ answered, ~ for some cases or regions, . refused, with these codes)',
    ...(printed.roots ?? []),
    '',
    'ACTIONS (on how many cases of this world each can be tried, * ten or more; + without a case; . never)',
    ...(printed.actions ?? []),
    '',
    'CASES (. hidden, p public, f follower, P participant, O office)',
    ...(printed.cases ?? []),
    '',
    'FIELDS: seen by public, follower, participant, office (# something was seen, - nothing was); (the class it has)',
    ...(printed.fields ?? []),
    '',
  ];
  await expect(lines.join('\n')).toMatchFileSnapshot('matrix.txt');
  expect(rig.problems.filter((one) => !String(one).includes(wouldWrite))).toEqual([]);
});
