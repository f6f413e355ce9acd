import { getNamedType, isInterfaceType, isObjectType } from 'graphql';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import type { Ref } from '../../../src/domain/kernel/aggregate.js';
import { levelOf } from '../../../src/domain/kernel/region.js';
import { wuji } from '../../../src/domain/wuji.js';
import { plural } from '../../../src/graphql/derive/names.js';
import type { openLiveDoor } from './doors.js';
import type { Json, Rig } from './rig.js';
import { documentOf, handMade } from './roots.js';
import { selectionOf } from './selection.js';

export const allRegions = ['000000', '150000', '150800', '150802', '150821', '150802100', '150821100'];

/** All that somebody can ask of lists, feeds, chains, boards and single cases, as they now are. */
export async function everythingNow(
  rig: Rig,
  actor: Actor | null,
  refs: readonly Ref[],
  boards: readonly string[],
): Promise<readonly string[]> {
  const answers: Json[] = [];
  const ask = async (source: string, given: object = {}) => answers.push(await rig.ask(source, actor, { ...given }));
  for (const category of wuji.aggregates.keys())
    await ask(
      `{ ${plural(category)}(first: 100) { nodes { ${selectionOf(rig.schema, typeOf(rig, category), 2)} } pageInfo { hasNextPage endCursor } } }`,
    );
  await ask('{ viewer { tags } dutyFeed(first: 100) { nodes { id data } } availableActions { action open } }');
  if (actor?.kind === 'official')
    await ask(`{ inbox(organ: "${actor.organ}") { more counts { duty count } items { id title } } }`);
  for (const { id } of refs) {
    await ask('query ($id: ID!) { timeline(caseId: $id, first: 100) { nodes { id data } } }', { id });
    await ask('query ($id: ID!) { availableActions(caseId: $id) { action open refusal { code } } }', { id });
  }
  return [...answers.map((one) => JSON.stringify(one)), ...(await boardsOf(rig, actor, boards))];
}

export async function boardsOf(rig: Rig, actor: Actor | null, regions: readonly string[]): Promise<readonly string[]> {
  const answers = regions.map(async (region) => {
    const source = `{ board(level: ${levelOf(region)}, region: "${region}") ${boardSelection(rig, region)} }`;
    return JSON.stringify(await rig.ask(source, actor));
  });
  return Promise.all(answers);
}

const boardSelection = (rig: Rig, region: string): string => {
  const level = levelOf(region);
  const type = `${level.charAt(0).toUpperCase()}${level.slice(1)}Board`;
  return `{ ... on ${type} { ${selectionOf(rig.schema, type, 3)} } }`;
};
const typeOf = (rig: Rig, category: string): string =>
  rig.schema.getQueryType()?.getFields()[category]?.type.toString() ?? '';

/** Every query that was made by hand, with all that its answer can hold, and the past of each case revision by revision. */
export async function everythingPast(
  rig: Rig,
  actor: Actor | null,
  refs: readonly Ref[],
  regions: readonly string[],
): Promise<readonly string[]> {
  const now = (await rig.store.head()) ?? '';
  const answers: string[] = [];
  const ask = async (source: string, given: object) =>
    answers.push(JSON.stringify(await rig.ask(source, actor, { ...given })));
  for (const root of handMade.filter(({ kind, name }) => kind === 'query' && !name.startsWith('board'))) {
    const { source, variables } = deepDocument(rig, root);
    const many = variables.includes('case') || variables.includes('person');
    for (const { id } of many ? refs : refs.slice(0, 1)) {
      const own = actor?.kind === 'official' ? actor.organ : id;
      const all = { case: id, person: id, organ: own, region: '150800', level: 'city', now };
      await ask(source, Object.fromEntries(Object.entries(all).filter(([key]) => variables.includes(key))));
    }
  }
  for (const { category, id } of refs) {
    const fields = selectionOf(rig.schema, typeOf(rig, category), 3);
    for (const revision of [0, 1, 3])
      await ask(`query ($id: ID!, $at: CaseAt) { ${category}(id: $id, at: $at) { ${fields} } }`, {
        ...{ id, at: { revision } },
      });
  }
  for (const region of regions) {
    const source = `query ($at: LogAt!) { boardAt(level: ${levelOf(region)}, region: "${region}", at: $at) { state board ${boardSelection(rig, region)} } }`;
    let answer: Json;
    do answer = await rig.ask(source, actor, { at: { position: now } });
    while (answer.data?.boardAt?.state === 'FOLDING');
    answers.push(JSON.stringify(answer));
  }
  return answers;
}

/** The same call, asking for all that can be asked of its type. */
function deepDocument(rig: Rig, root: (typeof handMade)[number]) {
  const type = getNamedType(rig.schema.getQueryType()?.getFields()[root.name]?.type);
  const [, call = root.name] = /^(\w+(?:\((?:[^(){}]|\{[^{}]*\})*\))?)/.exec(root.call) ?? [];
  const whole =
    isObjectType(type) || isInterfaceType(type) ? `${call} { ${selectionOf(rig.schema, type.name, 4)} }` : call;
  return documentOf({ ...root, call: whole });
}

/** What comes of subscribing: the stories of these cases from their first event on, and the boards. */
export async function everythingLive(
  rig: Rig,
  door: ReturnType<typeof openLiveDoor>,
  actor: Actor | null,
  refs: readonly Ref[],
  regions: readonly string[],
): Promise<readonly string[]> {
  const answers: string[] = [];
  const listen = async (source: string, given: Readonly<Record<string, unknown>>) => {
    const got: Json[] = [];
    const { code, end } = await door.listen(source, actor, given, (message) => got.push(message));
    end();
    answers.push(JSON.stringify([code, ...got]));
  };
  const history = 'query ($id: ID!) { caseHistory(caseId: $id, first: 1) { edges { cursor } } }';
  for (const { category, id } of refs) {
    const after = (await rig.ask(history, actor, { id })).data?.caseHistory.edges[0]?.cursor ?? null;
    const fields = `... on ${typeOf(rig, category)} { ${selectionOf(rig.schema, typeOf(rig, category), 3)} }`;
    const source = `subscription ($id: ID!, $after: String) { caseChanged(caseId: $id, after: $after) { cursor caughtUp event { id type actor { personId } redactions { id rule } data } case { id ${fields} } } }`;
    await listen(source, { id, after });
  }
  for (const region of regions)
    await listen(
      `subscription { boardChanged(level: ${levelOf(region)}, region: "${region}") { board ${boardSelection(rig, region)} } }`,
      {},
    );
  return answers;
}
