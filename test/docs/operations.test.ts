import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { logRefusals } from '../../src/cli/log-refusals.js';
import { createMetrics } from '../../src/infra/telemetry/metrics.js';
import type { Watched } from '../../src/infra/telemetry/parts.js';
import { createTelemetry } from '../../src/infra/telemetry.js';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const found = (pattern: RegExp) => [...new Set([...page.matchAll(pattern)].map(([, one = '']) => one))];

/** A node of a cluster on which all is in order: every part has something to show. */
const watched: Watched = {
  metrics: createMetrics(),
  log: {
    store: { async *readAll() {} },
    status: () => ({
      ...{ state: 'live', fault: 'unreachable', reconnects: 0 },
      since: new Date('2026-03-02T01:00:00Z'),
      heardAt: new Date('2026-03-02T01:00:00Z'),
    }),
  },
  redis: () => ({ state: 'ready', fault: 'loading', since: '2026-03-02T01:00:00.000Z' }),
  leader: { lease: () => ({ holder: true }), leader: () => 'node' },
  projector: { status: () => ({ state: 'live', position: undefined, error: undefined }), lag: async () => 0 },
  reactors: () => [{ name: 'r', state: 'running', position: undefined, taken: 0, refused: 0, retries: 0 }],
  scheduler: () => ({ tickedAt: 0, error: undefined }),
  live: {
    sockets: 0,
    streams: 0,
    subscriptions: 0,
    lagging: 0,
    counts: { lagged: 0, redelivered: { ring: 0, store: 0 } },
  },
  documents: { size: 0, counts: { hits: 0, misses: 0 } },
  clock: { now: () => new Date('2026-03-02T01:00:00Z') },
};

it('every metric that the run book names is one that a node shows (issue 3 part 6)', async () => {
  const { body } = await createTelemetry(watched).metrics();
  const shown = new Set([...body.matchAll(/^# HELP (\w+) /gm)].map(([, name]) => name));
  const isShown = (name: string) => shown.has(name.replace(/_bucket$/, ''));
  const named = found(/\b((?:wuji|nodejs|process)_\w+)\b(?!-)/g);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !isShown(name))).toEqual([]);
});

it('every file and section that the run book points to is there', () => {
  const files = found(/\]\((?!http|#)([^)#]+)\)/g);
  expect(files.filter((file) => !existsSync(join(root, 'docs', file)))).toEqual([]);
  const sections = new Set(
    found(/^#+ (.+)$/gm).map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
  const pointed = found(/\]\(#([^)]+)\)/g);
  expect(pointed.length).toBeGreaterThan(8);
  expect(pointed.filter((anchor) => !sections.has(anchor))).toEqual([]);
});

it('every code of `wuji log copy` that the run book explains exists', () => {
  const codes = found(/`((?:COPY|TARGET|SOURCE)_[A-Z_]+)`/g);
  expect(codes.length).toBeGreaterThan(1);
  expect(codes.filter((code) => !(code in logRefusals.table))).toEqual([]);
});
