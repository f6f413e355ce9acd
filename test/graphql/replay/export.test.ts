import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Actor } from '../../../src/domain/kernel/actor.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import { wuji } from '../../../src/domain/wuji.js';
import { createExport } from '../../../src/graphql/admin/export.js';
import { csvCell, exportForm } from '../../../src/graphql/admin/export-form.js';
import { viewerOf } from '../../../src/graphql/context.js';
import type { Redactions } from '../../../src/projections/redaction/redactions.js';
import { createMoments } from '../../../src/projections/replay/moments.js';
import { sample } from '../../contract/event-store.contract.js';
import { registered, run, type Town, words } from '../../projections/town.js';
import { seenAs } from '../../support/logs.js';
import { cityWithAuditor } from './rig.js';

/** The export of a town, at a free port; who asks is named by a token. */
async function exporting(
  at: Town,
  actors: Readonly<Record<string, Actor>>,
  store: EventStore = at.store,
  redactions: Redactions = at.redactions,
) {
  const problems: Error[] = [];
  const handler = createExport({
    ...{
      store,
      reads: at.reads,
      registry: wuji,
      redactions,
      personal: at.personal,
      moments: createMoments(store),
      clock: { now: at.now },
    },
    async authenticate(authorization) {
      const actor = actors[authorization?.replace('Bearer ', '') ?? ''];
      if (!actor) return kernelRefusals.NOT_ALLOWED({ who: 'somebody known', zhWho: '已知人员' });
      return { viewer: async () => viewerOf(actor), expiresAt: null };
    },
    onProblem: (problem) => void problems.push(problem),
  });
  const server: Server = createServer((request, response) => void handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const headersOf = (who: string) => ({ authorization: `Bearer ${who}` });
  async function fetched(who: string, query = '') {
    const response = await fetch(`${url}/export${query}`, { headers: headersOf(who) });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, position: response.headers.get('wuji-position') ?? '', body, response };
  }
  const code = async (who: string, query: string) =>
    (JSON.parse((await fetched(who, query)).body.toString()) as { errors: { extensions: { code: string } }[] })
      .errors[0]?.extensions.code;
  return { url, headersOf, fetched, code, problems };
}
const linesOf = (body: Buffer) =>
  body
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

async function town() {
  const cast = await cityWithAuditor();
  const operator = await cast.at.official('ADM', '150800');
  const id = await registered(cast.at, cast.bat, cast.dwc, '=HYPERLINK("x")');
  return { ...cast, operator, id };
}

describe('export as of a point (issue 5 part 2)', () => {
  it('is equal byte for byte when repeated, by position and by time, while new events come', async () => {
    const { at, operator, bat } = await town();
    at.at('2026-03-03');
    const { fetched } = await exporting(at, { operator });
    let coming = true;
    const writer = (async () => {
      while (coming) await at.act(bat, 'draftSuggestion', { title: 'More', ...words });
    })();
    const first = await fetched('operator', '?at=2026-03-02T12:00:00Z');
    for (const format of ['jsonl', 'csv']) {
      const [one, two, three] = [
        await fetched('operator', `?format=${format}&at=${first.position}`),
        await fetched('operator', `?format=${format}&at=${first.position}`),
        await fetched('operator', `?format=${format}&at=2026-03-02`),
      ];
      expect(one.body.length).toBeGreaterThan(1_000);
      expect(two.body.equals(one.body)).toBe(true);
      expect(three.body.equals(one.body)).toBe(true);
      if (format === 'jsonl') expect(first.body.equals(one.body)).toBe(true);
    }
    coming = false;
    await writer;
    expect(linesOf(first.body).at(-1).position).toBe(first.position);
    expect(linesOf((await fetched('operator')).body).length).toBeGreaterThan(linesOf(first.body).length);
  });

  it('as CSV has a header and the same events as JSONL, and a byte-order mark when it is asked for', async () => {
    const { at, operator } = await town();
    const { fetched } = await exporting(at, { operator });
    const lines = linesOf((await fetched('operator')).body);
    const { body, response } = await fetched('operator', '?format=csv');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(body.toString().endsWith('\r\n')).toBe(true);
    const rows: Record<string, string>[] = parse(body, { columns: true, record_delimiter: '\r\n' });
    expect(rows).toHaveLength(lines.length);
    for (const [i, row] of rows.entries()) {
      const event = lines[i];
      expect(row).toMatchObject({ position: event.position, type: event.type, revision: String(event.revision) });
      expect(`${row.category}-${row.caseId}`).toBe(event.stream);
      expect(JSON.parse(row.data ?? '')).toEqual(event.data);
      expect(JSON.parse(row.audience ?? '')).toEqual(event.meta.audience);
    }
    const marked = (await fetched('operator', '?format=csv&bom=1')).body;
    expect([...marked.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(marked.subarray(3).equals(body)).toBe(true);
  });

  it('no cell is a formula, and every text comes back from CSV (RFC 4180)', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('=1+1', '+1', '-1', '@a', '\t=1', '＝1', '"', 'a,b', 'a\r\nb', '\n=2'),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (cells) => {
        const line = cells.map(csvCell).join(',');
        const [row = []] = parse(`${line}\r\n`, { record_delimiter: '\r\n', skip_empty_lines: false }) as string[][];
        expect(row.map((cell, i) => (cell === `'${cells[i]}` ? cells[i] : cell))).toEqual(cells);
        for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
    );
    expect(exportForm('jsonl', false).head).toBe('');
  });

  it('gives an auditor what that right covers: no drafts, no cases of others, no fields of a narrower circle', async () => {
    const { at, operator, auditor, bat, id } = await town();
    const elsewhere = await at.official('AUD', '150821');
    const draft = (await at.act(bat, 'draftSuggestion', { title: 'Secret draft', ...words })).id;
    const { settle } = run(at.store, at.reads, at.handle, at.now);
    await settle();
    const { fetched } = await exporting(at, { operator, auditor, elsewhere });
    const all = linesOf((await fetched('operator')).body);
    const seen = linesOf((await fetched('auditor')).body);
    const of = (lines: readonly { stream: string; type: string }[], one: string) =>
      lines.filter(({ stream }) => stream.endsWith(one));
    expect(of(all, id).length).toBeGreaterThan(of(seen, id).length);
    expect(of(seen, id).map(({ type }) => type)).not.toContain('SuggestionDrafted');
    expect(of(seen, id)).not.toEqual([]);
    expect(of(seen, draft)).toEqual([]);
    for (const { meta } of seen) expect([meta.audience, meta.commandId]).toEqual([undefined, undefined]);
    const text = JSON.stringify(seen);
    expect(text).not.toContain('Secret draft');
    const others = linesOf((await fetched('elsewhere')).body);
    expect(of(others, id)).toEqual([]);
    expect(others).not.toEqual([]); // the register is public
    expect((await fetched('auditor')).body.equals((await fetched('auditor')).body)).toBe(true);
  });

  it('is for the operator and auditors only; points and forms that are none are refused', async () => {
    const { at, operator, auditor, dwc, bat } = await town();
    const gone = { ...auditor, standing: 'ended' as const };
    const expert = { ...auditor, role: 'expert' as const };
    const { code } = await exporting(at, { operator, auditor, dwc, bat, gone, expert });
    for (const who of ['dwc', 'bat', 'expert']) expect(await code(who, '')).toBe('NOT_ALLOWED');
    expect(await code('gone', '')).toBe('POST_ENDED');
    for (const who of ['operator', 'auditor']) {
      expect(await code(who, '?at=zzz')).toBe('BAD_POSITION');
      expect(await code(who, `?at=${'f'.repeat(16)}`)).toBe('POSITION_AHEAD');
      expect(await code(who, '?at=2026-13-45')).toBe('BAD_USER_INPUT');
      expect(await code(who, '?at=2027-01-01')).toBe('NOT_PAST_YET');
      expect(await code(who, '?at=1&until=1')).toBe('AT_ONE_POINT');
      expect(await code(who, '?format=xlsx')).toBe('BAD_USER_INPUT');
    }
  });

  it('reads no further than its reader does', async () => {
    const { at, operator } = await town();
    const many = 50_000;
    let read = 0;
    const { url, headersOf, problems } = await exporting(
      at,
      { operator },
      endless(at.store, many, () => read++),
    );
    const response = await fetch(`${url}/export`, { headers: headersOf('operator') });
    const seen: { readonly read: number; readonly bytes: number }[] = [];
    let bytes = 0;
    for await (const piece of response.body ?? []) {
      bytes += piece.length;
      seen.push({ read, bytes });
      await nextTurn(); // in which the export may go on as far as it can
    }
    expect(read).toBe(many);
    expect(bytes).toBeGreaterThan(many * 200);
    const ahead = seen.map((then) => then.read - (then.bytes / bytes) * many);
    expect(Math.max(...ahead)).toBeLessThan(many / 2);
    expect(problems).toEqual([]);
  });

  it('holds no more for a hundred thousand events than for ten thousand', async () => {
    const { at, operator } = await town();
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    async function heldFor(many: number): Promise<number> {
      let [most, read] = [0, 0];
      const watched = endless(at.store, many, () => {
        if (++read % 5_000 !== 0) return;
        collect();
        most = Math.max(most, process.memoryUsage().heapUsed);
      });
      const { url, headersOf } = await exporting(at, { operator }, watched);
      const response = await fetch(`${url}/export?format=csv`, { headers: headersOf('operator') });
      let bytes = 0;
      for await (const piece of response.body ?? []) bytes += piece.length;
      expect(bytes).toBeGreaterThan(many * 200);
      return most;
    }
    const [small, large] = [await heldFor(10_000), await heldFor(100_000)];
    // All of it in memory would be more than a hundred megabytes.
    expect(large - small).toBeLessThan(20 * 1024 * 1024);
  });
});

/** A log of so many events, made as they are read. */
const endless = (store: EventStore, many: number, onRead: () => void): EventStore => ({
  ...seenAs(store, {
    async *readAll() {
      for (let i = 0; i < many; i++) {
        onRead();
        const place = { stream: 'note-1', revision: i, position: String(i).padStart(16, '0') };
        yield { ...sample(`e${i}`, { text: '水'.repeat(200) }), ...place, recordedAt: '2026-03-02T00:00:00.000Z' };
      }
    },
  }),
  head: async () => String(many).padStart(16, '0'),
});
