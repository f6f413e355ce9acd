import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { EventDefinition, RecordedEvent } from '../../src/domain/kernel/event.js';
import { decode } from '../../src/domain/kernel/registry.js';
import { wuji } from '../../src/domain/wuji.js';
import { walkAtRandom } from './walk.js';

/**
 * What was published once must be readable for ever. `WUJI_RECORD=1 npx vitest run test/laws/recorded.test.ts` records
 * what is not recorded yet; it never overwrites.
 */
const folder = join(import.meta.dirname, '../recorded');
const fileOf = (kind: 'events' | 'schemas', type: string, version: number) =>
  join(folder, kind, `${type}.v${version}.json`);
const events = [...wuji.events];
const recordFirst = 'run WUJI_RECORD=1 npx vitest run test/laws/recorded.test.ts';

beforeAll(() => {
  if (process.env.WUJI_RECORD !== '1') return;
  for (const kind of ['events', 'schemas']) mkdirSync(join(folder, kind), { recursive: true });
  const { examples } = walkAtRandom();
  for (const [type, definition] of events) {
    record(fileOf('schemas', type, definition.version), schemaOf(definition));
    const data = examples.get(type)?.event.data;
    if (data) record(fileOf('events', type, definition.version), data);
  }
});

describe.each(events)('%s', (type, definition) => {
  const { version } = definition;

  test('its published schema has not changed without a new version', () => {
    const file = fileOf('schemas', type, version);
    expect(existsSync(file), `${type} v${version} is not recorded: ${recordFirst}`).toBe(true);
    const advice =
      `The schema of ${type} v${version} has changed, but events of this version are in logs. ` +
      `Give the event version ${version + 1} with an upcast from ${version}, then ${recordFirst}. ` +
      `Only if v${version} was never released: delete test/recorded/*/${type}.v${version}.json and record again`;
    expect(schemaOf(definition), advice).toEqual(read(file));
  });

  test('a payload of every version still reads', () => {
    for (let v = 1; v <= version; v++) {
      const file = fileOf('events', type, v);
      expect(existsSync(file), `${type} v${v} has no recorded payload: ${recordFirst}`).toBe(true);
      const data = read(file);
      const decoded = decode(wuji, recorded(type, v, data));
      expect(decoded.version).toBe(version);
      expect(definition.schema.parse(decoded.data), `${type} v${v} does not fit the schema`).toEqual(decoded.data);
      if (v === version) expect(decoded.data).toEqual(data);
    }
  });
});

test('no event that was published has gone', () => {
  const recordings = readdirSync(join(folder, 'events')).map((file) => file.replace(/\.v\d+\.json$/, ''));
  expect(recordings.filter((type) => !wuji.events.has(type))).toEqual([]);
});

function record(file: string, value: unknown): void {
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The shape alone: wording may be improved at any time, and the order of fields says nothing. */
const schemaOf = (definition: EventDefinition): unknown => bare(z.toJSONSchema(definition.schema));

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => key !== '$schema' && !(key === 'description' && typeof item === 'string'))
      .map(([key, item]) => [key, key === 'required' && Array.isArray(item) ? [...item].sort() : bare(item)]),
  );
}

const recorded = (type: string, version: number, data: unknown): RecordedEvent => ({
  id: '00000000-0000-4000-8000-000000000000',
  stream: 'recorded-1',
  revision: 0,
  position: '0',
  type,
  version,
  data,
  effectiveAt: '2026-03-02T02:00:00.000Z',
  recordedAt: '2026-03-02T02:00:00.000Z',
  meta: {
    commandId: 'recorded',
    action: 'recorded',
    actor: { policy: 'recorded' },
    $correlationId: 'recorded',
    $causationId: 'recorded',
    audience: {},
  },
});
