import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import type { PersonActor } from '../../src/infra/auth.js';
import { readSettings } from '../../src/infra/config.js';
import type { Wuji } from '../../src/main.js';
import { startWuji } from '../../src/main.js';
import { wuji } from '../cli/support/terminal.js';
import type { Answer, Json } from '../graphql/support/api.js';

const page = await readFile(resolve(import.meta.dirname, '../../docs/replay.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

let folder: string;
let now = '2026-03-02T02:00:00.000Z';
let server: Wuji;
let auditor: string;
let id: string;

/** The same data folder, on a day of the calendar. */
async function serving(): Promise<Wuji> {
  const read = readSettings({ PORT: '0', WUJI_DATA: join(folder, 'data'), WUJI_LOG_LEVEL: 'error' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const started = await startWuji(read.settings, {
    log: pino({ level: 'error' }),
    clock: { now: () => new Date(now) },
  });
  if (isRefusal(started)) throw new Error(started.refused);
  return started;
}
async function tokenOf(actor: PersonActor): Promise<string> {
  const token = await server.auth.issueToken({ ...actor, ttlSeconds: 3600 });
  if (typeof token !== 'string') throw new Error('no token');
  return token;
}
async function ask(token: string, query: string, variables: object): Promise<Json> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as Answer;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
async function act(actor: PersonActor, action: string, input: object, caseId?: string): Promise<string> {
  const args = ['do', action, JSON.stringify(input), '--json', ...(caseId === undefined ? [] : ['--id', caseId])];
  const { out, err } = await wuji(args, { env: { WUJI_URL: server.url, WUJI_TOKEN: await tokenOf(actor) } });
  if (err) throw new Error(err);
  await server.settle();
  return JSON.parse(out).caseId;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wuji-replay-'));
  server = await serving();
  const operator: PersonActor = server.operator;
  const official = async (kind: string): Promise<PersonActor> => {
    const organ = await act(operator, 'registerOrgan', { code: kind, region: '150800', kind, name: kind });
    const person = await act(operator, 'registerPerson', { code: `p${kind}`, region: '150800', name: `${kind}甲` });
    return { person, post: await act(operator, 'assignPost', { person, organ, role: 'head' }) };
  };
  const dwc = await official('DWC');
  await act(operator, 'registerCongress', { region: '150800', term: 5, on: '2026-01-10' });
  const person = await act(operator, 'registerPerson', { code: 'bat', region: '150800', name: '巴特' });
  const seat = { person, region: '150800', term: 5, confirmedOn: '2026-01-12' };
  const bat: PersonActor = { person, mandate: await act(operator, 'registerMandate', seat) };
  id = await act(bat, 'draftSuggestion', {
    title: '修缮水渠',
    situation: '漏水。',
    analysis: '老化。',
    advice: '修缮。',
  });
  await act(bat, 'submitSuggestion', {}, id);
  now = '2026-03-03T02:00:00.000Z';
  await act(dwc, 'registerSuggestion', { field: 'water', crossRegion: false }, id);
  now = '2026-03-05T02:00:00.000Z';
  await act(dwc, 'endPost', {}, 'post' in dwc ? dwc.post : '');
  await server.close();

  now = '2036-03-05T02:00:00.000Z';
  server = await serving();
  auditor = await tokenOf(await official('AUD'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

it('the commands of docs/replay.md are run by an auditor ten years later (issue 5 part 2)', async () => {
  const env = { WUJI_URL: server.url, WUJI_TOKEN: auditor };
  const lines = blocks('sh').flatMap((block) => block.trim().split('\n'));
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const [program, ...args] = line.split(' ').map((word) => (/\.(jsonl|csv)$/.test(word) ? join(folder, word) : word));
    expect(program).toBe('wuji');
    const { code, err } = await wuji(
      args.map((arg) => (arg === '$CASE' ? id : arg)),
      { env },
    );
    expect([line, code, err]).toEqual([line, 0, '']);
  }
  const events = (await readFile(join(folder, 'march.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one));
  const own = events.filter(({ stream }) => stream === `suggestion-${id}`).map(({ type }) => type);
  expect(own).toContain('SuggestionRegistered');
  expect(own).not.toContain('SuggestionDrafted');
  expect(events.map(({ type }) => type)).not.toContain('PostEnded');
  const table = await readFile(join(folder, 'march.csv'), 'utf8');
  expect(table.startsWith('\uFEFFposition,')).toBe(true);
  expect(table.trimEnd().split('\r\n')).toHaveLength(events.length + 1);
});

it('the questions of docs/replay.md are answered to the auditor', async () => {
  const [caseAt, difference, authority, board, readings] = blocks('graphql');
  const answer = (query: string | undefined) => ask(auditor, query ?? '', { case: id });
  expect((await answer(caseAt)).suggestion).toMatchObject({ title: '修缮水渠', status: 'REGISTERED' });

  const { from, to, changes } = (await answer(difference)).caseDifference;
  expect(from.recordedAt < to.recordedAt || from.revision === to.revision).toBe(true);
  for (const { events } of changes) expect(events).not.toEqual([]);

  const { nodes } = (await answer(authority)).authorityAt;
  const office = nodes.find(({ organName }: { organName: string }) => organName === 'DWC');
  expect(office).toMatchObject({ name: 'DWC甲', standing: 'active' });
  expect(office.actions).toContain('registerSuggestion');
  expect(nodes.map(({ organName }: { organName: string }) => organName)).not.toContain('AUD');

  const { boardAt } = await answer(board);
  expect(boardAt.state).toBe('READY');
  expect(boardAt.board.funnel).toEqual([{ status: 'REGISTERED', count: 1 }]);

  // The same question as to the history of any other case; test/privacy says what a record's history holds, and for whom.
  const { caseHistory } = await ask(auditor, readings ?? '', { record: id });
  expect(caseHistory.nodes.length).toBeGreaterThan(0);
});
