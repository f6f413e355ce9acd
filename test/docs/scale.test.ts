import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { tiny } from '../../bench/scale/measure.js';
import { simulatePeakHour } from '../../bench/scale/peak-hour.js';
import { kinds } from '../../bench/scale/quantity.js';
import type { Report } from '../../bench/scale/report.js';
import { asMarkdown, heads, runScale } from '../../bench/scale/report.js';

const page = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/scale.md'), 'utf8');
const shown = /<!-- the last run -->\n([\s\S]*)<!-- end of the last run -->/.exec(page)?.[1] ?? '';
const rowsOf = (table: string) =>
  table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '));
const quantityOf = ([name]: readonly string[]) => name;

describe('docs/scale.md shows what the simulation prints (issue 3, part 7)', () => {
  let report: Report;
  beforeAll(async () => {
    report = await runScale(tiny, () => undefined);
  });

  test('the same quantities, in the same order', () => {
    const printed = rowsOf(asMarkdown(report, '2026-03-02'));
    expect(rowsOf(shown).map(quantityOf)).toEqual(printed.map(quantityOf));
    expect(printed.length).toBeGreaterThan(60);
  });

  test('the same kinds and columns', () => {
    const printed = rowsOf(asMarkdown(report, '2026-03-02'));
    const kindOf = (row: readonly string[]) => row[heads.indexOf('kind')];
    expect(rowsOf(shown).map(kindOf)).toEqual(printed.map(kindOf));
    expect(rowsOf(shown)[0]).toEqual(heads);
  });

  test('every quantity says of what kind it is and where it comes from', () => {
    for (const { quantity, kind, source } of report.quantities) {
      expect(kinds, quantity).toContain(kind);
      expect(source, quantity).not.toBe('');
    }
  });

  test('what is measured is a number, also with little to measure', () => {
    for (const { quantity, kind, values } of report.quantities)
      if (kind === 'measured' && report.figures.redis) expect(values.city, quantity).toBeGreaterThanOrEqual(0);
  });
});

test('the page says when and on what machine it was measured', () => {
  expect(shown).toMatch(/^Run of \d{4}-\d\d-\d\d on \d+ cores/);
});

test('every source file that the page names exists', () => {
  const named = [...page.matchAll(/`((?:src|test|bench|docs|deploy)\/[\w./-]+\.\w+)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(5);
  for (const file of named)
    expect(() => readFileSync(join(resolve(import.meta.dirname, '../..'), file)), file).not.toThrow();
});

describe('the peak hour is a queue as the textbooks know it', () => {
  const hour = {
    ...{ cities: 1, partitions: 1, seconds: 600, peakPerSecond: 100, eventsPerCommand: 1, sharing: 1 },
    ...{ projector: { perCommit: 0, perEvent: 2 }, server: { perCommit: 0, perEvent: 1 } },
    ...{ fanOutMs: 1, largestCommit: 1 },
  };

  test('a server is busy for as long as what arrives takes (utilisation law)', () => {
    const lag = simulatePeakHour(hour);
    expect(lag.projectorBusy).toBeCloseTo((lag.events * 3) / 600_000, 2);
    expect(lag.redisBusy).toBeCloseTo((lag.events * 1) / 600_000, 2);
    expect(lag.fanOutBusy).toBeCloseTo((lag.events * 1) / 600_000, 2);
  });

  test('nothing that arrives is lost, and half the peak to the peak arrives', () => {
    const { events } = simulatePeakHour(hour);
    const mean = 0.5 + 1 / Math.PI;
    expect(Math.abs(events / (600 * 100 * mean) - 1)).toBeLessThan(0.05);
  });

  test('beyond what one core does the lag grows with the hour; two partitions bring it down', () => {
    const overloaded = { ...hour, cities: 2, peakPerSecond: 500 };
    const [short, long] = [60, 600].map((seconds) => simulatePeakHour({ ...overloaded, seconds }).commitP99);
    expect(long).toBeGreaterThan(5 * (short ?? 0));
    expect(simulatePeakHour({ ...overloaded, partitions: 2, seconds: 60 }).commitP99).toBeLessThan(short ?? 0);
  });

  test('larger commits carry what commits of one cannot', () => {
    const dear = { ...hour, projector: { perCommit: 20, perEvent: 0.1 } };
    const one = simulatePeakHour({ ...dear, largestCommit: 1 }).commitP99;
    expect(simulatePeakHour({ ...dear, largestCommit: 2_000 }).commitP99).toBeLessThan(one / 10);
  });
});
