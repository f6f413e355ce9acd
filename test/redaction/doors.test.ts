import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Json } from '../graphql/support/api.js';
import { feedQuery, isLive, toldOf, wsClient } from '../live/support/clients.js';
import type { World } from '../live/support/world.js';
import { openWorld } from '../live/support/world.js';
import type { Played } from './support.js';
import { doorsOf, everything, expectNowhere, playPublished, says, secret, secretField } from './support.js';

let world: World;
let at: Played;
let who: Record<string, { name: string; id: string; token: string } | undefined>;
beforeAll(async () => {
  world = await openWorld();
  at = await playPublished(world);
  const { lead, office, government, handler, above, elsewhere } = at;
  const operator = { name: 'operator', id: '', token: world.operator };
  who = { lead, office, government, handler, above, elsewhere, operator, anybody: undefined };
});
afterAll(() => world.close());

/** In force until it is lifted, at the latest when the test ends. */
async function hide(ground: string, field = 'advice', more: { target?: string; passage?: object } = {}) {
  const { target = at.id } = more;
  const found = await world.api.ask<{ suggestion: { revision: number } }>(
    at.office.token,
    'query ($id: ID!) { suggestion(id: $id) { revision } }',
    { id: target },
  );
  const place = { kind: 'suggestion', target, seen: found.suggestion.revision, field };
  const input = { ...place, ...more, ground, basis: '〔2026〕3号' };
  const { caseId } = await world.act(at.office, 'redactText', null, input);
  let lifted = false;
  const lift = async () => {
    if (lifted) return;
    lifted = true;
    await world.act(at.office, 'liftRedaction', caseId, { basis: '〔2026〕9号' });
  };
  onTestFinished(lift);
  return lift;
}
const see = async (token: string, fields: string) =>
  (
    await world.api.ask<{ suggestion: Record<string, never> }>(
      token,
      `query ($id: ID!) { suggestion(id: $id) { ${fields} } }`,
      { id: at.id },
    )
  ).suggestion;

describe('with a redaction in force the text is said by no door to anybody not entitled, live and past (issue 5 part 5)', () => {
  it('a state secret shows to nobody; lifting brings it back at every door', async () => {
    const doors = doorsOf(world, at);
    const before = await everything(doors, who);
    const said = says(before, secret);
    // Each door said it to somebody: none of them is silent for another reason.
    for (const door of Object.keys(doors).filter((one) => !['a case behind a reference', 'board'].includes(one)))
      expect(
        said.some((where) => where.startsWith(`${door} as `)),
        door,
      ).toBe(true);
    const lift = await hide('STATE_SECRET');
    expectNowhere(await everything(doors, who), secret);
    await lift();
    expect(says(await everything(doors, who), secret)).toEqual(said);
  });

  it('of privacy those who handle it go on seeing the original, followers and the public do not', async () => {
    const doors = doorsOf(world, at);
    const lift = await hide('PERSONAL_PRIVACY');
    const said = says(await everything(doors, who), secret);
    for (const name of ['above', 'elsewhere', 'anybody', 'operator'])
      expect(said.filter((where) => where.endsWith(` as ${name}`))).toEqual([]);
    for (const name of ['lead', 'office', 'government', 'handler']) expect(said).toContain(`one case as ${name}`);
    await lift();
  });
});

describe('lists', () => {
  type List = { suggestions: { nodes: { id: string }[]; pageInfo: object } };
  const list = async (token: string | undefined, filter: object = {}) => {
    const query = `query ($filter: SuggestionFilter) {
      suggestions(filter: $filter, first: 1) { nodes { id } pageInfo { hasNextPage endCursor } } }`;
    const response = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables: { filter } }),
    });
    return ((await response.json()) as { data: List }).data.suggestions;
  };
  const all = async (filter?: object) => {
    const found: Record<string, List['suggestions']> = {};
    for (const [name, part] of Object.entries(who)) found[name] = await list(part?.token, filter);
    return found;
  };
  const finders = async (filter: object) =>
    Object.entries(await all(filter)).flatMap(([name, { nodes }]) => (nodes.length > 0 ? [name] : []));

  it('do not find a case by a value that is hidden, and page as if there were none; nor by what stands in its place', async () => {
    const filter = { field: [secretField] };
    const [before, nothing] = [await finders(filter), await all({ field: ['没有此领域'] })];
    expect(before).toEqual(expect.arrayContaining(['lead', 'office', 'handler']));
    const lift = await hide('STATE_SECRET');
    expect(await all(filter)).toEqual(nothing);
    expect(await finders({ field: ['交通███'] })).toEqual([]);
    await lift();
    expect(await finders(filter)).toEqual(before);
  });

  it('go on finding it for those with whom the original stays: the offices, of what could identify a minor', async () => {
    const before = await finders({ field: [secretField] });
    const lift = await hide('MINOR');
    expect(await finders({ field: [secretField] })).toEqual(
      before.filter((name) => ['office', 'government'].includes(name)),
    );
    await lift();
  });

  it('keep its place: no order tells of a hidden text', async () => {
    await world.act(at.lead, 'draftSuggestion', null, {
      ...{ title: '后一件', situation: '一', analysis: '二', advice: '三' },
    });
    await world.settle();
    // Both were begun at one moment of the world's clock: which comes first is for their ids to say.
    const order = async () => (await list(at.lead.token)).nodes.map(({ id }) => id);
    const before = await order();
    expect(before).toHaveLength(1);
    const lift = await hide('STATE_SECRET', 'title');
    expect(await order()).toEqual(before);
    await lift();
  });
});

describe('the trace', () => {
  it('tells whoever may see the field that something is hidden, by which rule, when and by which organ', async () => {
    const lift = await hide('STATE_SECRET', 'publication.text');
    const fields = `title advice publication { text }
      redactions { field revision passage rule label { zh } source { zh } organ { name } at }`;
    for (const { token } of [at.lead, at.elsewhere])
      expect(await see(token, fields)).toMatchObject({
        publication: { text: null },
        redactions: [
          {
            ...{
              field: 'publication.text',
              revision: expect.any(Number),
              passage: false,
              rule: 'STATE_SECRET',
              label: { zh: '国家秘密' },
            },
            ...{ source: { zh: '《政府信息公开条例》第十四条' }, organ: { name: '临河区人大常委会代表工作委员会' } },
            at: '2026-02-03T01:00:00.000Z',
          },
        ],
      });
    await lift();
    expect(await see(at.lead.token, 'redactions { rule }')).toEqual({ redactions: [] });
  });

  it('tells the number of the redaction only to those to whom it was told: not to an organ that came later', async () => {
    const { lead, office, government, handler, organ } = at;
    const words = { title: '再修桥', situation: '一', analysis: '二', advice: '三' };
    const { caseId: id } = await world.act(lead, 'draftSuggestion', null, words);
    await world.act(lead, 'submitSuggestion', id);
    await world.act(office, 'registerSuggestion', id, { field: '交通' });
    const lift = await hide('STATE_SECRET', 'advice', { target: id });
    await world.act(government, 'assignSuggestion', id, { mode: 'LEAD_AND_CO', organs: [{ organ, role: 'LEAD' }] });
    await world.settle();
    const trace = async (token: string) => {
      const query = 'query ($id: ID!) { suggestion(id: $id) { redactions { id rule } } }';
      const { suggestion } = await world.api.ask<{ suggestion: { redactions: Json[] } }>(token, query, { id });
      return suggestion.redactions;
    };
    expect(await trace(lead.token)).toEqual([{ id: expect.any(String), rule: 'STATE_SECRET' }]);
    expect(await trace(handler.token)).toEqual([{ id: null, rule: 'STATE_SECRET' }]);
    await lift();
  });

  it('is not there for those who may not see the field', async () => {
    const lift = await hide('MINOR', 'advice');
    expect(await see(at.elsewhere.token, 'redactions { rule }')).toEqual({ redactions: [] });
    expect(await see(at.lead.token, 'advice redactions { rule }')).toEqual({
      advice: null,
      redactions: [{ rule: 'MINOR' }],
    });
    expect(await see(at.office.token, 'advice redactions { rule }')).toEqual({
      advice: secret,
      redactions: [{ rule: 'MINOR' }],
    });
    await lift();
  });

  it('of a passage: the rest of each text stays', async () => {
    const lift = await hide('COURT_ORDER', 'title', { passage: { from: 2, to: 4 } });
    expect(await see(at.office.token, 'title advice')).toEqual({ title: '修桥███甲乙丙𠮷', advice: '███甲乙丙𠮷' });
    await lift();
  });
});

describe('live', () => {
  it('an event that was sent before it was redacted is redacted when the feed is resumed from the ring', async () => {
    const other = '另一密语戊己';
    const words = { title: other, situation: other, analysis: '一', advice: '二' };
    const query = feedQuery.replace('caseId', 'caseId data');
    const client = wsClient(world, at.lead.token);
    const first = client.subscribe(query);
    await first.until(isLive);
    const { caseId: target } = await world.act(at.lead, 'draftSuggestion', null, words);
    await world.act(at.lead, 'submitSuggestion', target);
    await first.until((items) => toldOf(items).some(({ event }) => event?.type === 'SuggestionSubmitted'));
    expect(JSON.stringify(first.items)).toContain(other);
    const lift = await hide('STATE_SECRET', 'situation', { target });
    const again = client.subscribe(query, { after: toldOf(first.items)[0]?.cursor });
    await again.until(isLive);
    expect(toldOf(again.items).map(({ event }) => event?.type)).toContain('SuggestionDrafted');
    expect(JSON.stringify(again.items)).not.toContain(other);
    await lift();
  });

  it('what happens in the case afterwards is sent without the text', async () => {
    const lift = await hide('STATE_SECRET');
    const changes = wsClient(world, at.lead.token).subscribe(
      'subscription ($id: ID!) { caseChanged(caseId: $id) { cursor caughtUp event { type revision data } case { ... on Suggestion { title advice } } } }',
      { id: at.id },
    );
    await changes.until(isLive);
    await world.act(at.handler, 'reviewOpenness', at.id, { extent: 'FULL', reason: `再审：${secret}` });
    await changes.until((items) => toldOf(items).some(({ event }) => event?.type === 'OpennessReviewed'));
    expect(JSON.stringify(changes.items)).not.toContain(secret);
    expect(toldOf(changes.items).at(-1)?.case).toEqual({ title: '修桥███', advice: null });
    await lift();
  });
});

describe('a restart', () => {
  it('forgets no redaction', async () => {
    const lift = await hide('STATE_SECRET');
    await world.stop();
    await world.start();
    expectNowhere(await everything(doorsOf(world, at), who), secret);
    await lift();
  });
});
