import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from 'graphql-ws';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ownDocuments } from '../../src/cli/documents.js';
import { wuji as registry } from '../../src/domain/wuji.js';
import { createApi } from '../../src/graphql/api.js';
import { knownDocuments } from '../../src/graphql/documents.js';
import { errorFormatter } from '../../src/graphql/errors.js';
import { documentGate, limitsOf } from '../../src/graphql/limits.js';
import { readSettings } from '../../src/infra/config.js';
import { caseModels } from '../../src/projections/cases/index.js';
import { buildProgram } from '../support/build.js';
import { productionSecrets } from '../support/production.js';
import { serveProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { wuji } from './support/terminal.js';

const who = 'query Who {\n  viewer { kind }\n}\n';
const watch = 'subscription Watch($caseId: ID!) {\n  caseChanged(caseId: $caseId) { cursor caughtUp }\n}\n';

async function filesOf(texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  return folder;
}

describe('`wuji documents` makes the allow-list (issue 4 part 5)', () => {
  test('hash to text, byte for byte as the files have it; the same files, the same list', async () => {
    const folder = await filesOf({ 'who.graphql': who, 'watch.graphql': watch });
    const files = ['who.graphql', 'watch.graphql', 'who.graphql'].map((name) => join(folder, name));
    const { code, out, err } = await wuji(['documents', ...files]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(Object.values(JSON.parse(out))).toEqual([who, watch]);
    const list = join(folder, 'list.json');
    const told = await wuji(['documents', ...files, '--out', list]);
    expect(told.out).toMatch(/^[0-9a-f]{64} {2}Who {2}\S+who\.graphql$/m);
    expect(await readFile(list, 'utf8')).toBe(out);
  });

  test('what cannot be served is refused by file, line and column, all at once, and nothing is written', async () => {
    const folder = await filesOf({
      'who.graphql': who,
      'old.graphql': 'query Old {\n  viewer { kind }\n  gone\n}\n',
      'torn.graphql': '{ viewer {\n',
      'part.graphql': 'fragment Part on Viewer { kind }\n',
    });
    const list = join(folder, 'list.json');
    const files = ['who.graphql', 'old.graphql', 'torn.graphql', 'part.graphql'].map((name) => join(folder, name));
    const { code, out, err } = await wuji(['documents', ...files, '--out', list]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^DOCUMENTS_WRONG/);
    for (const place of [
      'old.graphql:3:3 GRAPHQL_VALIDATION_FAILED',
      'torn.graphql:2:1 GRAPHQL_PARSE_FAILED',
      'part.graphql:1:1',
    ])
      expect(err).toContain(place);
    expect(err).not.toContain('who.graphql');
    await expect(readFile(list)).rejects.toThrow('ENOENT');
  });

  test('the limits are those that the server will have', async () => {
    const folder = await filesOf({ 'who.graphql': who });
    const { code, err } = await wuji(['documents', join(folder, 'who.graphql')], { env: { WUJI_QUERY_DEPTH: '1' } });
    expect(code).toBe(1);
    expect(err).toContain('QUERY_TOO_DEEP');
  });

  test.each([
    ['a file that is not there', 'nothing.graphql', 'ENOENT'],
    ['a file that is no text', 'bytes.graphql', 'UTF-8'],
  ])('%s is named', async (_, name, reason) => {
    const folder = await filesOf({});
    await writeFile(join(folder, 'bytes.graphql'), Buffer.from([0x7b, 0xff]));
    const { code, err } = await wuji(['documents', join(folder, name)]);
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`FILE_UNREADABLE.*${name}.*${reason}`));
  });

  test('what the commands send fits the API and its usual limits', () => {
    const read = readSettings({});
    if (!read.ok) throw new Error('the usual settings are wrong');
    const limits = limitsOf(read.settings);
    const notRun = (): never => {
      throw new Error('not run');
    };
    const schema = createApi({ registry, models: caseModels }, notRun);
    const errors = errorFormatter({ hideSuggestions: false, tokens: limits.tokens, newId: () => '', log: notRun });
    const gate = documentGate(schema, limits, errors, knownDocuments());
    const own = ownDocuments(schema);
    expect(own.length).toBeGreaterThan(100);
    expect(own.flatMap((text) => (Array.isArray(gate(text)) ? [text] : []))).toEqual([]);
  });
});

describe('a node with an allow-list, as a process of its own (issue 4 part 5)', () => {
  let program: string;
  beforeAll(async () => {
    program = join(await buildProgram(), 'src/cli.js');
  }, 120_000);

  const run = (args: readonly string[], env: Record<string, string>) =>
    promisify(execFile)(process.execPath, [program, ...args], { env: { PATH: process.env.PATH, ...env } });

  test('runs what is listed, by hash, at every door; refuses the rest; and the command line works', async () => {
    const folder = await filesOf({ 'who.graphql': who, 'watch.graphql': watch });
    const list = join(folder, 'list.json');
    await run(['documents', join(folder, 'who.graphql'), join(folder, 'watch.graphql'), '--out', list], {});
    const [whoHash = '', watchHash = ''] = Object.keys(JSON.parse(await readFile(list, 'utf8')));
    const keys = await productionSecrets(join(folder, 'data'));
    const env = { PORT: '0', WUJI_DATA: join(folder, 'data'), WUJI_TRUSTED_DOCUMENTS: list, ...keys };

    // In development, where there are tokens: `wuji do` and `wuji history` ask what no list names.
    const first = await serveProcess(env);
    const token = (await run(['token', '--operator'], env)).stdout.trim();
    const client = { WUJI_URL: first.url, WUJI_TOKEN: token };
    const organ = '{"code":"A-1","region":"150802","kind":"ORG","name":"甲局"}';
    const { caseId } = JSON.parse((await run(['do', 'registerOrgan', organ, '--json'], client)).stdout);
    expect((await run(['history', caseId], client)).stdout).toContain('甲局');
    expect((await run(['projections', 'status'], client)).stdout).toContain('organ');
    expect(await first.stop()).toBe(0);

    const server = await serveProcess({ ...env, WUJI_MODE: 'production', WUJI_JWKS_URL: 'https://127.0.0.1:1/keys' });
    onTestFinished(async () => void (await server.stop()));
    const post = async (path: string, body: unknown) => {
      const headers = { 'content-type': 'application/json', accept: '*/*' };
      const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, response };
    };
    const named = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    const unlisted =
      'subscription Watch($caseId: ID!) { caseChanged(caseId: $caseId) { cursor caughtUp event { id } } }';

    // HTTP
    expect(await (await post('/graphql', named(whoHash))).response.json()).toEqual({
      data: { viewer: { kind: 'anybody' } },
    });
    expect(await (await post('/graphql', { query: who })).response.json()).toEqual({
      data: { viewer: { kind: 'anybody' } },
    });
    const refused = await post('/graphql', { query: '{ viewer { kind } regions { code } }' });
    const untrusted = { errors: [{ extensions: { code: 'UNTRUSTED_DOCUMENT', next: { en: expect.any(String) } } }] };
    expect(refused.status).toBe(403);
    expect(await refused.response.json()).toMatchObject(untrusted);

    // Server-sent events
    const stream = await post('/graphql/stream', { ...named(watchHash), variables: { caseId } });
    const reader = stream.response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let read = '';
    while (!read.includes('"caughtUp":true')) {
      const part = await reader?.read();
      if (part?.value === undefined) throw new Error(`the stream ended: ${read}`);
      read += part.value;
    }
    await reader?.cancel();
    const closed = await post('/graphql/stream', { query: unlisted, variables: { caseId } });
    expect(closed.status).toBe(403);
    expect(await closed.response.json()).toMatchObject(untrusted);

    // WebSocket: the protocol wants a `query`, which is empty beside a hash
    const sockets = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    onTestFinished(async () => void (await sockets.dispose()));
    const firstOf = async (payload: { query: string; extensions?: Record<string, unknown> }) => {
      const messages = sockets.iterate({ ...payload, variables: { caseId } });
      const { value } = await messages.next();
      await messages.return?.();
      return value;
    };
    const caughtUp = { data: { caseChanged: { caughtUp: true } } };
    expect(await firstOf({ query: '', ...named(watchHash) })).toMatchObject(caughtUp);
    expect(await firstOf({ query: '', extensions: { persistedQuery: watchHash } })).toMatchObject(caughtUp);
    expect(await firstOf({ query: watch })).toMatchObject(caughtUp);
    await expect(firstOf({ query: unlisted })).rejects.toMatchObject([{ extensions: { code: 'UNTRUSTED_DOCUMENT' } }]);
    await expect(firstOf({ query: '', ...named('0'.repeat(64)) })).rejects.toMatchObject([
      { extensions: { code: 'UNTRUSTED_DOCUMENT' } },
    ]);

    // Nothing that is listed was parsed after the start, and the counts say so.
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const value = (name: string) => Number(new RegExp(`^wuji_${name} (\\d+)$`, 'm').exec(metrics)?.[1]);
    expect(value('documents')).toBeGreaterThan(100);
    expect(value('document_lookups_total{outcome="miss"}')).toBe(value('documents'));
    expect(value('document_lookups_total{outcome="hit"}')).toBeGreaterThanOrEqual(6);
  });
});
