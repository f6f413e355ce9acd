import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { dataIn, pageOf } from '../../src/cli/audit/page.js';
import { verifyFile } from '../../src/cli/audit/verify.js';
import { eventHash } from '../../src/domain/kernel/event-hash.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import type { CaseFile, ProvenEvent } from '../../src/domain/proof/case-file.js';
import { caseFile } from '../../src/domain/proof/case-file.js';
import { readSettings } from '../../src/infra/config.js';
import { crc32 } from '../../src/infra/event-store/crc32.js';
import { lengthAt } from '../../src/infra/event-store/record.js';
import { SEGMENT_HEAD } from '../../src/infra/event-store/segment-file.js';
import { sha256 } from '../../src/infra/sha256.js';
import type { Wuji } from '../../src/main.js';
import { startWuji } from '../../src/main.js';
import { wuji } from './support/terminal.js';

let folder: string;
let server: Wuji;
let operator: Record<string, string>;
let auditor: Record<string, string>;
let caseId: string;
const path = (name: string) => join(folder, name);

async function start(): Promise<void> {
  const read = readSettings({ PORT: '0', WUJI_DATA: path('data'), WUJI_LOG_LEVEL: 'silent' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const started = await startWuji(read.settings, { log: pino({ level: 'silent' }) });
  if (isRefusal(started)) throw new Error(started.refused);
  server = started;
  for (const env of [operator, auditor]) if (env) env.WUJI_URL = server.url;
}

async function go(env: Record<string, string>, ...args: string[]) {
  return wuji(args, { env });
}
async function act(action: string, input: unknown, ...more: string[]): Promise<string> {
  const ran = await go(operator, 'do', action, JSON.stringify(input), '--json', ...more);
  if (ran.code !== 0) throw new Error(ran.err);
  return JSON.parse(ran.out).caseId;
}
const rename = (name: string) => act('renameOrgan', { name }, '--id', caseId);

async function auditorIn(region: string): Promise<Record<string, string>> {
  const organ = await act('registerOrgan', { code: `AUD-${region}`, region, kind: 'AUD', name: '审计' });
  const person = await act('registerPerson', { code: `auditor-${region}`, region, name: '审计员' });
  const post = await act('assignPost', { person, organ, role: 'clerk' });
  const token = await server.auth.issueToken({ person, post, ttlSeconds: 3_600 });
  if (isRefusal(token)) throw new Error(token.refused);
  return { WUJI_URL: server.url, WUJI_TOKEN: token };
}

/** The deputies' work office of a region, as it signs in. */
async function officeIn(region: string): Promise<Record<string, string>> {
  const organ = await act('registerOrgan', { code: `DWC-${region}`, region, kind: 'DWC', name: '代表工委' });
  const person = await act('registerPerson', { code: `office-${region}`, region, name: '工委干部' });
  const post = await act('assignPost', { person, organ, role: 'clerk' });
  const token = await server.auth.issueToken({ person, post, ttlSeconds: 3_600 });
  if (isRefusal(token)) throw new Error(token.refused);
  return { WUJI_URL: server.url, WUJI_TOKEN: token };
}

async function exported(): Promise<string> {
  const ran = await go(auditor, 'audit', 'export', caseId, '--out', path('case.html'));
  if (ran.code !== 0) throw new Error(ran.err);
  return readFile(path('case.html'), 'utf8');
}
const verify = (text: string) => verifyFile('case.html', text);
/** What a forger makes of a file who knows all but the key: data changed, page made anew. */
async function forged(change: (file: CaseFile) => unknown): Promise<unknown> {
  const file = caseFile.parse(dataIn(await exported()));
  return verify(pageOf(caseFile.parse(change(file))));
}
const broken = (revision: number, reason: string) => ({
  refused: 'EVENT_NOT_PROVED',
  params: { revision, reason: expect.stringContaining(reason) },
});
/** The data of an event changed, and its own hash worked out anew. */
function rewritten(one: ProvenEvent | undefined): ProvenEvent {
  if (!one?.event) throw new Error('no such event');
  const event = { ...one.event, data: { ...Object(one.event.data), name: '另一个名称' } };
  return { ...one, event, hash: eventHash(sha256, event) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wuji-audit-'));
  await start();
  const token = await server.auth.issueToken({ ...server.operator, ttlSeconds: 3_600 });
  if (isRefusal(token)) throw new Error(token.refused);
  operator = { WUJI_URL: server.url, WUJI_TOKEN: token, WUJI_DATA: path('data') };
  auditor = await auditorIn('150802');
  caseId = await act('registerOrgan', { code: 'ORG-1', region: '150802', kind: 'ORG', name: '<水利局> & “河务”' });
  for (const name of ['临河区水利局', '临河区水务局', '临河区水利和湖泊局']) await rename(name);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('wuji audit (issue 5 part 1)', () => {
  it('exports a case as one file, which verifies offline with nothing else', async () => {
    const text = await exported();
    expect(text).toContain('临河区水务局');
    const offline = await wuji(['audit', 'verify', path('case.html'), '--lang', 'en']);
    expect(offline).toMatchObject({ code: 0, err: '' });
    expect(offline.out).toMatch(/^PROVED\n[\s\S]*events {2}4\n[\s\S]*chained from revision {2}0\n/);
    const [, key = ''] = /^key {2}(\w{64})$/m.exec(offline.out) ?? [];
    expect((await wuji(['audit', 'verify', path('case.html'), '--key', key])).code).toBe(0);
    const other = await wuji(['audit', 'verify', path('case.html'), '--key', 'f'.repeat(64)]);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('UNKNOWN_AUDIT_KEY') });
  });

  it('an event with a redacted text is proved by its hash, with the trace in the place of its content (part 5)', async () => {
    const office = await officeIn('150802');
    const place = { kind: 'organ', target: caseId, seen: 1, field: 'name', ground: 'COURT_ORDER', basis: '民裁1号' };
    const hide = await go(office, 'do', 'redactText', JSON.stringify(place), '--json');
    if (hide.code !== 0) throw new Error(hide.err);
    const text = await exported();
    expect(text).not.toContain('临河区水利局');
    expect(text).toContain('临河区水务局');
    expect(text).toMatch(
      /class="withheld".*内容未提供 Withheld.*屏蔽 Hidden<\/dt><dd>字段 field <code>name<\/code> · 依据 ground <code>COURT_ORDER<\/code> · 自 since \d{4}-/,
    );
    expect(verify(text)).toMatchObject({ events: 4, withheld: 1 });
    const hidden = caseFile.parse(dataIn(text)).events[1];
    expect(hidden).toMatchObject({ event: null, redactions: [{ ground: 'COURT_ORDER', field: 'name', seen: 1 }] });
    const silent = await forged((file) => ({
      ...file,
      events: file.events.map((one) => ({ ...one, redactions: [] })),
    }));
    expect(isRefusal(silent)).toBe(true);
    const { caseId: redaction } = JSON.parse(hide.out);
    const lift = await go(office, 'do', 'liftRedaction', '{"basis":"民裁2号"}', '--id', redaction, '--json');
    expect(lift.code).toBe(0);
    expect(await exported()).toContain('临河区水利局');
  });

  it('the page holds no script and loads nothing, and personal data in it is shown as sealed', async () => {
    const person = await act('registerPerson', { code: 'sealed-1', region: '150802', name: '甲' });
    const ran = await go(operator, 'audit', 'export', person, '--out', path('person.html'));
    const shown = await go(auditor, 'audit', 'export', person, '--out', path('person.html'));
    const text = await readFile(path('person.html'), 'utf8');
    expect([ran.code, shown.code]).toEqual([1, 0]);
    expect(text).toContain('个人信息已封存 Personal, sealed: IDENTITY');
    expect(text).not.toContain('甲');
    expect(text.match(/<script[^>]*>/g)).toEqual(['<script type="application/json" id="wuji">']);
    expect(text).not.toMatch(/\s(src|href|on\w+)=|url\(|@import/);
    expect(isRefusal(verifyFile('person.html', text))).toBe(false);
  });

  it('finds any changed byte of the file, whichever it is', async () => {
    const bytes = Buffer.from(await exported());
    const sound = bytes.toString();
    expect(isRefusal(verify(sound))).toBe(false);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        const text = changed.toString();
        fc.pre(text !== sound);
        expect(isRefusal(verify(text))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('names the first event that fails: changed, dropped, in another order, of another case, unlinked', async () => {
    const events = (file: CaseFile, change: (events: ProvenEvent[]) => ProvenEvent[]) => ({
      ...file,
      events: change([...file.events]),
    });
    const bent = (one: ProvenEvent | undefined, change: object): ProvenEvent => {
      if (!one?.event) throw new Error('no such event');
      return { ...one, event: { ...one.event, ...change } };
    };
    const changed = (f: CaseFile) => events(f, (e) => e.with(2, bent(e[2], { data: { name: 'x', nameMn: null } })));
    expect(await forged(changed)).toMatchObject(broken(2, 'content'));
    const later = (f: CaseFile) => events(f, (e) => e.with(1, bent(e[1], { recordedAt: '2020-01-01T00:00:00.000Z' })));
    expect(await forged(later)).toMatchObject(broken(1, 'content'));
    expect(await forged((f) => events(f, (e) => e.with(1, rewritten(e[1]))))).toMatchObject(broken(1, 'head'));
    expect(await forged((f) => events(f, (e) => e.toSpliced(1, 1)))).toMatchObject(broken(1, 'missing'));
    expect(await forged((f) => events(f, (e) => e.toSpliced(1, 2, ...e.slice(1, 3).reverse())))).toMatchObject(
      broken(2, 'order'),
    );
    const moved = (f: CaseFile) => ({ ...f, case: { ...f.case, id: f.case.id.replace(/^./, 'z') } });
    expect(await forged(moved)).toMatchObject(broken(0, 'another case'));
    const unlinked = (f: CaseFile) =>
      events(f, (e) => {
        const one = e[2];
        if (!one?.event) throw new Error('no such event');
        const { prevHash: _, ...meta } = one.event.meta;
        const event = { ...one.event, meta };
        return e.with(2, { ...one, event, hash: eventHash(sha256, event) });
      });
    expect(await forged(unlinked)).toMatchObject(broken(2, 'link'));
  });

  it('finds events that were left out at the end, another head, another seal, another page', async () => {
    expect(await forged((f) => ({ ...f, events: f.events.slice(0, -1) }))).toMatchObject({
      refused: 'CASE_FILE_NOT_SIGNED',
      params: { part: 'seal' },
    });
    expect(await forged((f) => ({ ...f, head: { ...f.head, time: '2020-01-01T00:00:00.000Z' } }))).toMatchObject({
      refused: 'CASE_FILE_NOT_SIGNED',
      params: { part: 'head' },
    });
    expect(await forged((f) => ({ ...f, types: {} }))).toMatchObject({ refused: 'CASE_FILE_NOT_SIGNED' });
    const text = await exported();
    expect(verify(text.replace('临河区水务局', '临河区水利厅'))).toMatchObject({ refused: 'PAGE_CHANGED' });
    expect(verify('<html></html>')).toMatchObject({ refused: 'NOT_A_CASE_FILE' });
  });

  it('is for auditors of the region, and for nobody who does not see the whole case', async () => {
    const elsewhere = await auditorIn('150821');
    const nobody = { WUJI_URL: server.url };
    for (const [env, code] of [
      [elsewhere, 'NOT_ALLOWED'],
      [operator, 'NOT_ALLOWED'],
      [nobody, 'SIGN_IN_REQUIRED'],
    ] as const) {
      const ran = await go({ ...env }, 'audit', 'export', caseId, '--out', path('no.html'));
      expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(code) });
    }
    const unknown = await go(auditor, 'audit', 'export', caseId.replace(/^./, 'e'), '--out', path('no.html'));
    expect(unknown.err).toContain('NOT_FOUND');
    expect((await go(nobody, 'audit', 'head')).err).toContain('SIGN_IN_REQUIRED');
  });

  it('only the operator and the system make an auditor', async () => {
    const organ = await act('registerOrgan', { code: 'DWC-1', region: '150802', kind: 'DWC', name: '代表工委' });
    const person = await act('registerPerson', { code: 'clerk-1', region: '150802', name: '经办人' });
    const post = await act('assignPost', { person, organ, role: 'clerk' });
    const token = await server.auth.issueToken({ person, post, ttlSeconds: 3_600 });
    if (isRefusal(token)) throw new Error(token.refused);
    const input = JSON.stringify({ code: 'AUD-X', region: '150802', kind: 'AUD', name: '审计' });
    const ran = await go({ WUJI_URL: server.url, WUJI_TOKEN: token }, 'do', 'registerOrgan', input);
    expect(ran.err).toContain('OPERATOR_ONLY');
  });
});

describe('wuji audit witness (issue 5 part 1)', () => {
  const lines = async (file: string) => (await readFile(path(file), 'utf8')).trimEnd().split('\n');

  it('appends each new head to a file once, and refuses one that contradicts the last', async () => {
    const witness = () => go(auditor, 'audit', 'witness', '--file', path('heads.jsonl'), '--lang', 'en');
    expect(await witness()).toMatchObject({ code: 0 });
    expect(await witness()).toMatchObject({ code: 0 });
    expect(await lines('heads.jsonl')).toHaveLength(1);
    await rename('临河区水利局（新）');
    expect(await witness()).toMatchObject({ code: 0 });
    const kept = await lines('heads.jsonl');
    expect(kept).toHaveLength(2);
    const last = JSON.parse(kept[1] ?? '');
    const contradictions = [
      { ...last, root: 'a'.repeat(64) },
      { ...last, size: last.size - 1 },
      { ...last, size: last.size + 1 },
      { ...last, log: 'another' },
      { ...last, publicKey: 'b'.repeat(64) },
    ];
    for (const other of contradictions) {
      await writeFile(path('other.jsonl'), `${JSON.stringify(other)}\n`);
      const ran = await go(auditor, 'audit', 'witness', '--file', path('other.jsonl'));
      expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('HEAD_NOT_CONSISTENT') });
      expect(await lines('other.jsonl')).toHaveLength(1);
    }
  });

  it('posts heads to where others keep them', async () => {
    const kept: string[] = [];
    const keeper = createServer((request, response) => {
      if (request.method === 'GET') return void response.writeHead(kept.length ? 200 : 404).end(kept.at(-1) ?? '');
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        kept.push(body);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => keeper.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void keeper.close());
    const url = `http://127.0.0.1:${(keeper.address() as AddressInfo).port}/heads`;
    for (let i = 0; i < 2; i++) expect(await go(auditor, 'audit', 'witness', '--to', url)).toMatchObject({ code: 0 });
    expect(kept).toHaveLength(1);
    kept.push(JSON.stringify({ ...JSON.parse(kept[0] ?? ''), root: 'c'.repeat(64) }));
    const ran = await go(auditor, 'audit', 'witness', '--to', url);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('HEAD_NOT_CONSISTENT') });
    expect(kept).toHaveLength(2);
    expect((await go(auditor, 'audit', 'witness')).code).toBe(2);
  });

  it('follows a key that the one before vouches for, and no other; old files still verify', async () => {
    const file = path('rotated.jsonl');
    const witness = () => go(auditor, 'audit', 'witness', '--file', file);
    const before = await exported();
    expect(await witness()).toMatchObject({ code: 0 });
    await server.close();
    expect(await go(operator, 'audit', 'key')).toMatchObject({ code: 0 });
    await start();
    expect(await witness()).toMatchObject({ code: 0 });
    const keys = (await lines('rotated.jsonl')).map((line) => JSON.parse(line).key);
    expect(new Set(keys).size).toBe(2);
    expect(isRefusal(verify(before))).toBe(false);
    await server.close();
    const present = await readFile(path('data/keys/audit.json'), 'utf8');
    await rm(path('data/keys/audit.json'));
    await start();
    expect(await witness()).toMatchObject({ code: 1, err: expect.stringContaining('HEAD_NOT_CONSISTENT') });
    await server.close();
    await writeFile(path('data/keys/audit.json'), present);
    await start();
    expect(await witness()).toMatchObject({ code: 1, err: expect.stringContaining('AUDIT_KEY_REPLACED') });
    await server.close();
    expect(await go(operator, 'audit', 'key')).toMatchObject({ code: 0 });
    await start();
    expect(await witness()).toMatchObject({ code: 0 });
  });
});

describe('bytes of the log on disk, changed with their checksum (issue 5 part 1)', () => {
  it('are found: in the proof at once, by the server when it folds anew, and by a witness whatever the server signs', async () => {
    const heads = path('witnessed.jsonl');
    expect(await go(auditor, 'audit', 'witness', '--file', heads)).toMatchObject({ code: 0 });
    await server.close();
    await changeOnDisk(path('data/log/log'), '临河区水务局', '临河区水利厅');
    await start();
    await go(auditor, 'audit', 'export', caseId, '--out', path('case.html'));
    expect(verify(await readFile(path('case.html'), 'utf8'))).toMatchObject({ refused: 'EVENT_NOT_PROVED' });

    await server.close();
    await rm(path('data/read'), { recursive: true });
    await start();
    expect((await go(auditor, 'audit', 'head')).err).toContain('LOG_FORKED');

    await server.close();
    await rm(path('data/audit'), { recursive: true });
    await start();
    await rename('再次更名');
    expect(await go(auditor, 'audit', 'head')).toMatchObject({ code: 0 });
    const ran = await go(auditor, 'audit', 'witness', '--file', heads);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('HEAD_NOT_CONSISTENT') });
  });
});

/** Who can write to the disk can also set the checksum right. */
async function changeOnDisk(segments: string, from: string, to: string): Promise<void> {
  const [name = ''] = await readdir(segments);
  const bytes = await readFile(join(segments, name));
  const place = bytes.indexOf(from);
  expect(place).toBeGreaterThan(0);
  expect(Buffer.byteLength(to)).toBe(Buffer.byteLength(from));
  bytes.write(to, place);
  let at = SEGMENT_HEAD;
  while (at + lengthAt(bytes, at) <= place) at += lengthAt(bytes, at);
  bytes.writeUInt32LE(crc32(bytes.subarray(at + 4, at + lengthAt(bytes, at))), at);
  await writeFile(join(segments, name), bytes);
}
