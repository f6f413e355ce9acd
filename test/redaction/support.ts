import { expect } from 'vitest';
import { stream } from '../live/support/clients.js';
import type { Part, World } from '../live/support/world.js';

/** It stands in every text of the suggestion that is played, and nowhere else. */
export const secret = '密语甲乙丙𠮷';
/** A field that lists can be filtered by. */
export const secretField = `交通${secret}`;

/** A county's suggestion, answered and published; the secret is in what the deputy, the organ and the office wrote. */
export async function playPublished(world: World) {
  const { cast, act } = world;
  const people = {
    lead: await cast.deputy('D-041', '150802'),
    office: await cast.official('O-14'),
    government: await cast.official('O-15'),
    handler: await cast.official('O-16'),
    above: await cast.official('O-05'),
    elsewhere: await cast.official('O-17'),
  };
  const { lead, office, government, handler } = people;
  const page = '{ dutyFeed(first: 100) { pageInfo { endCursor } } }';
  const before = await world.api.ask<{ dutyFeed: { pageInfo: { endCursor: string } } }>(lead.token, page);
  const start = before.dutyFeed.pageInfo.endCursor;
  const words = { title: `修桥${secret}`, situation: `${secret}处破损`, analysis: '多年失修。', advice: secret };
  const { caseId: id } = await act(lead, 'draftSuggestion', null, words);
  await act(lead, 'submitSuggestion', id);
  await act(office, 'registerSuggestion', id, { field: secretField });
  const organ = cast.organ('NMJ-150802');
  await act(government, 'assignSuggestion', id, { mode: 'LEAD_AND_CO', organs: [{ organ, role: 'LEAD' }] });
  await act(handler, 'receiveAssignment', id);
  await act(handler, 'contactDeputy', id, { mandate: lead.id, way: 'PHONE', on: '2026-02-03', summary: `谈${secret}` });
  const promises = [{ text: `承诺${secret}`, dueOn: '2026-11-30' }];
  await act(handler, 'issueReply', id, { category: 'B', text: `答复：${secret}。`, promises });
  await act(handler, 'reviewOpenness', id, { extent: 'FULL', reason: '涉及公众利益' });
  await act(handler, 'publishReply', id, { text: `公开：${secret}。` });
  await world.settle();
  return { ...people, id, organ, start };
}
export type Played = Awaited<ReturnType<typeof playPublished>>;

const texts = `title field situation analysis advice replies { text } promises { text } contacts { summary } openness { reason }
  publication { text reason } viewerClass revision`;
const traces = 'redactions { field revision passage rule label { zh } source { en } organId organ { name } at }';
const told = `cursor type data ${traces} ... on SuggestionDrafted { title advice } ... on ReplyPublished { text }`;

/** Every way out, by what it is called; each gives its answer as text. `token`: absent, anybody asks. */
export function doorsOf(
  world: World,
  { id, organ, start }: Played,
): Readonly<Record<string, (token?: string) => Promise<string>>> {
  async function ask(token: string | undefined, query: string, variables: object = {}): Promise<string> {
    const response = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    return response.text();
  }
  /** All that comes until it has caught up. */
  async function live(token: string | undefined, query: string, until: (data: string) => boolean): Promise<string> {
    const { inbox, done, end } = await stream(world, { ...(token && { token }), query });
    await Promise.race([inbox.until((items) => items.some(({ data }) => until(JSON.stringify(data ?? '')))), done]);
    end();
    return JSON.stringify(inbox.items);
  }
  const caughtUp = (data: string) => data.includes('"caughtUp":true') || data.includes('"errors"');
  const whole = `id ${texts} ${traces}`;
  return {
    'one case': (token) => ask(token, `{ suggestion(id: "${id}") { ${whole} } }`),
    'a past state': async (token) => {
      let all = '';
      for (let revision = 0; revision < 9; revision++)
        all += await ask(token, `{ suggestion(id: "${id}", at: { revision: ${revision} }) { ${whole} } }`);
      return all;
    },
    'a list': (token) => ask(token, `{ suggestions { nodes { ${whole} } } }`),
    'a filtered list': (token) => ask(token, `{ suggestions(filter: { region: ["150802"] }) { nodes { ${whole} } } }`),
    'a case behind a reference': (token) => ask(token, `{ redactions { nodes { id target field organId } } }`),
    history: (token) => ask(token, `{ caseHistory(caseId: "${id}", first: 30) { nodes { ${told} } } }`),
    timeline: (token) => ask(token, `{ timeline(caseId: "${id}", first: 30) { nodes { ${told} } } }`),
    'feed as a list': (token) => ask(token, `{ dutyFeed(first: 30) { nodes { ${told} } } }`),
    inbox: (token) => ask(token, `{ inbox(organ: "${organ}") { items { title promise } } }`),
    board: (token) =>
      ask(token, '{ board(level: county, region: "150802") { ... on CountyBoard { keySuggestions { title } } } }'),
    'live feed from the past': (token) =>
      live(token, `subscription { dutyFeed(after: "${start}") { cursor caughtUp event { ${told} } } }`, caughtUp),
    'live case from the past': (token) =>
      live(
        token,
        `subscription { caseChanged(caseId: "${id}", after: "${start}") { cursor caughtUp event { ${told} } case { ... on Suggestion { ${whole} } } } }`,
        caughtUp,
      ),
    'a difference': (token) =>
      ask(token, `{ caseDifference(caseId: "${id}", from: { revision: 0 }) { changes { path before after } } }`),
    'a proof': (token) => ask(token, `{ auditProof(caseId: "${id}") { events { path event redactions } } }`),
    'a conflict': (token) =>
      ask(
        token,
        `mutation { reviewOpenness(id: "${id}", expectedRevision: 0, input: { extent: FULL, reason: "又" }) { caseId } }`,
      ),
    export: async (token) =>
      (await fetch(`${world.url}/export`, token ? { headers: { authorization: `Bearer ${token}` } } : {})).text(),
  };
}

export async function everything(doors: ReturnType<typeof doorsOf>, who: Readonly<Record<string, Part | undefined>>) {
  const found: Record<string, string> = {};
  for (const [name, part] of Object.entries(who))
    for (const [door, answer] of Object.entries(doors)) found[`${door} as ${name}`] = await answer(part?.token);
  return found;
}

/** Where the text is said. Escaped or not. */
export const says = (answers: Readonly<Record<string, string>>, text: string): string[] =>
  Object.entries(answers).flatMap(([where, answer]) =>
    answer.includes(text) || answer.includes(JSON.stringify(text).slice(1, -1)) ? [where] : [],
  );

export const expectNowhere = (answers: Readonly<Record<string, string>>, text: string) =>
  expect(says(answers, text)).toEqual([]);
