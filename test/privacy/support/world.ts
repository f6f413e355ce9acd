import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createApi } from '../../../demo/api.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { readSettings } from '../../../src/infra/config.js';
import type { Wuji } from '../../../src/main.js';
import { startWuji } from '../../../src/main.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Strings that stand nowhere else: whoever finds one has found personal data in clear. */
export const planted = {
  name: '植入姓名萨仁高娃',
  nameMn: 'ᠰᠠᠷᠠᠨᠭᠣᠸᠠ植入',
  telephone: '13847800001',
  email: 'planted.person@example.cn',
  wish: '植入更正姓名',
} as const;

export type World = Awaited<ReturnType<typeof openPrivateWorld>>;

/** A whole server on a folder of its own, with every line of its log kept; the person, who is a deputy, and her office. */
export async function openPrivateWorld(env: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  const logged: string[] = [];
  let instant = Date.parse('2026-03-02T02:00:00.000Z');
  const clock = { now: () => new Date(instant) };
  const serve = async (): Promise<Wuji> => {
    const read = readSettings({ WUJI_DATA: folder, WUJI_LOG_LEVEL: 'trace', PORT: '0', ...env });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
    const started = await startWuji(read.settings, { log, clock });
    if (isRefusal(started)) throw new Error(started.refused);
    return started;
  };
  let wuji = await serve();
  onTestFinished(() => wuji.close());
  let api = createApi(wuji.url);
  const token = async (person: string, capacity: { mandate: string } | { post: string }) => {
    const made = await wuji.auth.issueToken({ person, ...capacity, ttlSeconds: 365 * 24 * 3600 });
    if (isRefusal(made)) throw new Error(made.refused);
    return made;
  };
  const operator = await token(wuji.operator.person, { post: wuji.operator.post });
  const act = async (who: string, action: string, id: string | null, input?: Record<string, unknown>) =>
    api.act(who, action, id, input);
  const make = async (action: string, input: Record<string, unknown>) =>
    (await act(operator, action, null, input)).caseId;

  await make('registerCongress', { region: '150802', term: 5, on: '2026-01-10' });
  const { name, nameMn } = planted;
  const person = await make('registerPerson', { code: 'P-1', region: '150802', name, nameMn });
  const seat = { person, region: '150802', term: 5, confirmedOn: '2026-01-12' };
  const mandate = await make('registerMandate', seat);
  const organ = await make('registerOrgan', {
    code: 'DWC-150802',
    region: '150802',
    kind: 'DWC',
    name: '临河区人大代表工委',
  });
  const clerk = await make('registerPerson', { code: 'P-2', region: '150802', name: '工作人员' });
  const post = await make('assignPost', { person: clerk, organ, role: 'clerk' });
  await wuji.settle();

  return {
    folder,
    logged,
    operator,
    token,
    person,
    mandate,
    clerk,
    post,
    self: await token(person, { mandate }),
    office: await token(clerk, { post }),
    tokenOf: token,
    act,
    ask: <T>(who: string, query: string, variables: Record<string, unknown> = {}): Promise<T> =>
      api.ask<T>(who, query, variables),
    settle: () => wuji.settle(),
    get url() {
      return wuji.url;
    },
    get socketUrl() {
      return `${wuji.url.replace('http', 'ws')}/graphql`;
    },
    pass(days: number) {
      instant += days * 86_400_000;
    },
    async get(path: string, who = operator): Promise<string> {
      return (await fetch(wuji.url + path, { headers: { authorization: `Bearer ${who}` } })).text();
    },
    /** Again on the same folder. */
    async restart(whileDown: () => Promise<unknown> = async () => {}) {
      await wuji.close();
      await whileDown();
      wuji = await serve();
      api = createApi(wuji.url);
    },
  };
}

/** Which of the strings stand in these bytes, as text or in an encoding that text commonly takes. */
export function foundIn(bytes: Uint8Array, strings: Readonly<Record<string, string>> = planted): string[] {
  const all = Buffer.from(bytes);
  return Object.entries(strings).flatMap(([key, text]) => {
    const utf8 = Buffer.from(text, 'utf8');
    const escaped = JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const forms = [
      utf8,
      Buffer.from(text, 'utf16le'),
      Buffer.from(escaped),
      Buffer.from(utf8.toString('hex')),
      // Base64 of a longer text has one of three phases: what does not depend on the neighbours is looked for.
      ...[0, 1, 2].map((phase) => {
        const whole = Buffer.concat([Buffer.alloc(phase), utf8]).toString('base64');
        return Buffer.from(whole.slice(phase === 0 ? 0 : 4, whole.length - 4));
      }),
    ];
    return forms.some((form) => all.includes(form)) ? [key] : [];
  });
}

/** Every file below the folder. */
export async function filesUnder(
  folder: string,
): Promise<readonly { readonly path: string; readonly bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, bytes: await readFile(path) })));
}
