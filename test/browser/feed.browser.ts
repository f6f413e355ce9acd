import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApi } from '../../demo/api.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { operatorIds } from '../../src/domain/organization/bootstrap.js';
import { openAuth } from '../../src/infra/auth.js';
import { readSettings } from '../../src/infra/config.js';
import { nameId } from '../../src/infra/ids.js';
import { freePort, type ServerProcess, serveProcess } from '../support/server-process.js';

/** The browser example in a real browser, against a real server that dies (client/examples/browser.html). */
const executablePath = '/usr/bin/chromium';
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

let folder: string;
let env: Record<string, string>;
let server: ServerProcess;
let browser: Browser;
let page: Page;
let operator: string;
let clerk: string;
let renewed: () => Promise<string>;
let count = 0;

beforeAll(async () => {
  if (!existsSync(executablePath)) throw new Error('Chromium is missing: apt-get install -y chromium');
  folder = await mkdtemp(join(tmpdir(), 'wuji-browser-'));
  env = { PORT: String(await freePort()), WUJI_DATA: folder };
  server = await serveProcess(env);
  const read = readSettings(env);
  if (!read.ok) throw new Error('settings');
  const auth = await openAuth(read.settings, { now: () => new Date() });
  if (isRefusal(auth)) throw new Error(auth.refused);
  const issue = async (person: string, post: string, ttlSeconds = 3600) => {
    const token = await auth.issueToken({ person, post, ttlSeconds });
    if (isRefusal(token)) throw new Error(token.refused);
    return token;
  };
  const ids = operatorIds(nameId);
  operator = await issue(ids.person, ids.post);
  const api = createApi(server.url);
  const office = { code: 'SC', region: '150800', kind: 'SC', name: '市人大常委会' };
  const { caseId: organ } = await api.act(operator, 'registerOrgan', null, office);
  const { caseId: person } = await api.act(operator, 'registerPerson', null, {
    code: 'C',
    region: '150800',
    name: '郭淑芬',
  });
  const { caseId: post } = await api.act(operator, 'assignPost', null, { person, organ, role: 'clerk' });
  clerk = await issue(person, post);
  renewed = () => issue(person, post, 7200);
  browser = await chromium.launch({ executablePath, args: flags.split(' ') });
  page = await browser.newPage({ viewport: { width: 390, height: 700 } });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** Two events of the clerk's feed: the meeting, and what it is for. */
async function act(): Promise<void> {
  const title = `联席会议${++count}`;
  const { caseId } = await createApi(server.url).act(clerk, 'planJointMeeting', null, { title, purpose: '分析问题。' });
  await createApi(server.url).act(clerk, 'conveneJointMeeting', caseId, { on: '2026-12-30', place: '会议室' });
}

const shown = () => page.locator('#feed li').evaluateAll((items) => items.map((item) => item.dataset.id ?? ''));

it('follows live, through kill -9 of the server and a reload of the page, with no gap and no double', async () => {
  await page.goto(`${server.url}/client/examples/browser.html#token=${clerk}`);
  await page.locator('#state[data-state="live"]').waitFor();
  await act();
  await expect.poll(async () => (await shown()).length).toBe(2);

  await server.kill();
  server = await serveProcess(env);
  await act();
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(4);
  await page.locator('#state[data-state="live"]').waitFor();
  const before = await shown();
  expect(new Set(before).size).toBe(4);
  if (process.env.WUJI_SCREENSHOT) await page.screenshot({ path: process.env.WUJI_SCREENSHOT });

  // Events that happen while the page is away come when it is back; what it has had does not come again.
  await page.goto('about:blank');
  await act();
  await page.goto(`${server.url}/client/examples/browser.html#token=${clerk}`);
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(2);
  for (const id of await shown()) expect(before).not.toContain(id);
}, 120_000);

it('a renewed token of the same bearer goes on from the kept cursor; another bearer does not', async () => {
  await page.goto('about:blank');
  await act();
  await page.goto(`${server.url}/client/examples/browser.html#token=${await renewed()}`);
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(2);
  await page.goto('about:blank');
  await page.goto(`${server.url}/client/examples/browser.html#token=${operator}`);
  await page.locator('#state[data-state="live"]').waitFor();
  expect(await shown()).toEqual([]);
});

it('a kept cursor that the log does not know is said, in both languages, and the page goes on from now', async () => {
  await page.evaluate(
    `for (const key of Object.keys(localStorage)) localStorage.setItem(key, 'another-log.0000000000000001')`,
  );
  await page.goto('about:blank');
  await page.goto(`${server.url}/client/examples/browser.html#token=${clerk}`);
  await page.locator('#problem[data-code="CURSOR_EXPIRED"]').waitFor();
  expect(await page.locator('#problem').textContent()).toMatch(/\p{Script=Han}.*[a-z]/u);
  await page.locator('#state[data-state="live"]').waitFor();
  await act();
  await expect.poll(async () => (await shown()).length, { timeout: 30_000 }).toBe(2);
});

it.each([
  ['#token=nonsense', 'UNAUTHENTICATED'],
  ['', 'NO_TOKEN'],
])('says what is wrong with the token, in both languages: %s %s', async (hash, code) => {
  await page.goto('about:blank');
  await page.goto(`${server.url}/client/examples/browser.html${hash}`);
  await page.locator(`#problem[data-code="${code}"]`).waitFor();
  expect(await page.locator('#problem').textContent()).toMatch(/\p{Script=Han}.*[a-z]/u);
  expect(await shown()).toEqual([]);
});
