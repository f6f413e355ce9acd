import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { GraphQLError, Source } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { createApi } from '../../demo/api.js';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { operatorIds } from '../../src/domain/organization/bootstrap.js';
import { openAuth } from '../../src/infra/auth.js';
import { readSettings } from '../../src/infra/config.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { nameId } from '../../src/infra/ids.js';
import { createLog } from '../../src/infra/log.js';
import { StoreUnavailable } from '../../src/infra/store-unavailable.js';
import { FoldFailed } from '../../src/projections/kernel/table.js';
import type { ServerProcess } from '../support/server-process.js';
import { serveProcess } from '../support/server-process.js';

const name = '植名甲';
const title = '植题乙 Planted Title';
const text = '植文丙 planted-text-4711';
const planted = [name, title, text, '植', 'Planted Title', 'planted-text'];

function expectNothingPlanted(said: string): void {
  expect(planted.filter((word) => said.includes(word))).toEqual([]);
}

describe('an error in the log says what failed and where, and nothing that people wrote (issue 3, part 6)', () => {
  function logged(work: (log: ReturnType<typeof createLog>) => void): string {
    const lines: string[] = [];
    const to = new Writable({
      write(chunk, _, done) {
        lines.push(String(chunk));
        done();
      },
    });
    work(createLog('trace', to));
    return lines.join('');
  }
  const thrownBy = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };
  const event = {
    ...{ id: 'e-1', stream: 'person-1', revision: 0, position: '000001', type: 'PersonRegistered', version: 1 },
    ...{ data: { name, title }, effectiveAt: '2026-03-02T02:00:00.000Z', recordedAt: '2026-03-02T02:00:00.000Z' },
    meta: {
      ...{ commandId: 'c', action: 'registerPerson', actor: { policy: 't' } },
      ...{ $correlationId: 'c', $causationId: 'c', audience: {} },
    },
  };
  const complaint = thrownBy(() =>
    z
      .object({ status: z.enum(['A']), name: z.string() })
      .strict()
      .parse({ [title]: text, status: name }),
  );

  it.each<[string, unknown, string]>([
    ['a schema that refused a value', complaint, 'status: invalid_value'],
    [
      'a fold that failed, with its event',
      new FoldFailed('person', event, complaint),
      'read model person fails at position 000001',
    ],
    ['JSON that could not be read', thrownBy(() => JSON.parse(`{"name": ${name}, "text": "${text}"}`)), 'SyntaxError'],
    [
      'a query with its text and variables',
      new GraphQLError(`Variable "$input" got invalid value "${text}" at "input.title"`, {
        source: new Source(`{ a(title: "${title}") }`),
        originalError: new TypeError(`cannot read '${title}' of ${name}`),
        extensions: { name },
      }),
      'GraphQLError',
    ],
    ['a value that an error carries', Object.assign(new Error('failed'), { input: { name }, rows: [text] }), 'failed'],
    ['a code that is none', Object.assign(new Error('failed'), { code: `${title} ${text}` }), 'failed'],
    [
      'a cause of a cause',
      new Error('outer', { cause: new Error('inner', { cause: new Error(`"${text}"`) }) }),
      'inner',
    ],
    [
      'errors in an error',
      new AggregateError([new Error(`no ${name}`), complaint], '2 commands failed'),
      '2 commands failed',
    ],
    ['a message of many lines', new Error(`'${text}'\n    at ${name}:1:1`), '"stack":["at '],
    ['a string that was thrown', `${name}: ${text}`, '"type":"string"'],
  ])('%s', (_, error, kept) => {
    const said = logged((log) => log.error({ err: error }, 'problem'));
    expect(said).toContain(kept);
    expectNothingPlanted(said);
    expectNothingPlanted(logged((log) => log.error(error instanceof Error ? error : { err: error })));
    expectNothingPlanted(logged((log) => log.warn({ err: error })));
  });

  it('keeps what an operator needs: class, code, folder, and where in the program', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const said = logged((log) => log.error({ err: new StoreUnavailable('disk_full', '/srv/wuji', cause) }, 'problem'));
    expect(JSON.parse(said)).toMatchObject({
      msg: 'problem',
      err: {
        type: 'StoreUnavailable',
        code: 'disk_full',
        message: expect.stringContaining('The disk of /srv/wuji is full'),
        stack: expect.arrayContaining([expect.stringContaining('logs.test.ts')]),
        cause: { type: 'Error', code: 'ENOSPC', message: 'ENOSPC: no space left on device' },
      },
    });
  });
});

describe('the output of a server at level trace (issue 3, part 6)', () => {
  let folder: string;
  let server: ServerProcess;
  const serve = () => serveProcess({ WUJI_DATA: folder, PORT: '0', WUJI_LOG_LEVEL: 'trace' });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wuji-logs-'));
    server = await serve();
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('holds no names, titles or texts after case work, refusals and broken requests', async () => {
    const read = readSettings({ WUJI_DATA: folder });
    if (!read.ok) throw new Error('no settings');
    const auth = await openAuth(read.settings, { now: () => new Date() });
    if (isRefusal(auth)) throw new Error(auth.refused);
    const tokenOf = async (who: Parameters<typeof auth.issueToken>[0]) => {
      const token = await auth.issueToken(who);
      if (isRefusal(token)) throw new Error(token.refused);
      return token;
    };
    const { person: keeper, post } = operatorIds(nameId);
    const operator = await tokenOf({ person: keeper, post, ttlSeconds: 3600 });
    const api = createApi(server.url);
    const seat = { region: '150802', term: 5 };
    await api.act(operator, 'registerCongress', null, { ...seat, on: '2022-01-10' });
    const { caseId: person } = await api.act(operator, 'registerPerson', null, { code: 'N-1', name, region: '150802' });
    const confirmed = { ...seat, person, confirmedOn: '2022-01-10' };
    const { caseId: mandate } = await api.act(operator, 'registerMandate', null, confirmed);
    const deputy = await tokenOf({ person, mandate, ttlSeconds: 3600 });

    const input = { title, situation: text, analysis: text, advice: text };
    const { caseId } = await api.act(deputy, 'draftSuggestion', null, input);
    await api.act(deputy, 'linkEvidence', caseId, { kind: 'OTHER', note: text });
    const codes: string[] = [];
    const refusedAs = (work: Promise<unknown>) =>
      work.then(
        () => codes.push('taken'),
        (error: { code?: string }) => codes.push(String(error.code)),
      );
    await refusedAs(api.act(deputy, 'draftSuggestion', null, { ...input, title: title.repeat(100) }));
    await refusedAs(api.act(deputy, 'linkEvidence', caseId, { kind: text, note: text }));
    await refusedAs(api.act(deputy, 'linkEvidence', nameId(caseId, title), { kind: 'OTHER', note: text }));
    await refusedAs(api.act(deputy, 'registerPerson', null, { code: title, name, region: '150800' }));
    await refusedAs(api.ask(deputy, `{ suggestion(id: "${title}") { title } ${text} }`));
    await refusedAs(api.ask(title.replace(/[^ -~]/g, ''), '{ __typename }'));
    expect(codes).not.toContain('taken');
    expect(new Set(codes).size).toBeGreaterThan(3);
    for (const body of [`{ "query": ${title}`, JSON.stringify({ query: 7, variables: text })])
      await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    for (const path of [`/${encodeURIComponent(title)}`, `/graphql/stream?query=${encodeURIComponent(text)}`, '/%E6'])
      await (await fetch(server.url + path)).text();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send(text));
    await closed;

    await server.stop();
    expectNothingPlanted(server.output());
    expect(server.output()).not.toContain(deputy);
  });

  it('holds none after a fold has failed on an event with all of them in it', async () => {
    const store = await openEmbeddedEventStore({ folder: join(folder, 'log') });
    const spoilt = {
      ...{ id: nameId(nameId('', ''), 'spoilt'), type: 'SuggestionEdited', version: 1 },
      ...{ data: { name, title, situation: text }, effectiveAt: '2026-03-02T02:00:00.000Z' },
      meta: {
        ...{ commandId: 'c', action: 'editSuggestion', actor: { policy: 't' } },
        ...{ $correlationId: 'c', $causationId: 'c', audience: {} },
      },
    };
    await store.append(`suggestion-${spoilt.id}`, [spoilt], 'no_stream');
    await store.close();
    server = await serve();
    await server.wrote('"type":"FoldFailed"');
    expect(server.output()).toContain(`event ${spoilt.id}: SuggestionEdited out of place`);
    expectNothingPlanted(server.output());
  });
});
