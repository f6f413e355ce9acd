import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import { createMoments } from '../../../src/projections/replay/moments.js';
import { sample } from '../../contract/event-store.contract.js';

/** A log of events recorded at these seconds; how many of them were read. */
function recordedAt(...seconds: readonly number[]) {
  const log = seconds.map(
    (second, index): RecordedEvent => ({
      ...sample(`e${index}`, {}),
      ...{ stream: 'a-1', revision: index, position: String(index).padStart(4, '0') },
      recordedAt: timeOf(second),
    }),
  );
  const counted = { read: 0 };
  return {
    counted,
    async *readAll({ after = '' }: { after?: string } = {}) {
      for (const event of log)
        if (event.position > after) {
          counted.read++;
          yield event;
        }
    },
  };
}
const timeOf = (second: number): string =>
  new Date(Date.parse('2026-03-02T00:00:00.000Z') + second * 1000).toISOString();

describe('where the log stood at a time (issue 5 part 2)', () => {
  it('what was recorded at the time is in, what was recorded later is not; before the first there is nothing', async () => {
    const moments = createMoments(recordedAt(1, 2, 2, 3));
    expect(await moments.upTo(timeOf(0))).toBeUndefined();
    expect(await moments.upTo(timeOf(2))).toBe('0002');
    expect(await moments.upTo(timeOf(9))).toBe('0003');
  });

  it('is a beginning of the log, also when the clock was put back', async () => {
    const moments = createMoments(recordedAt(1, 8, 3, 9));
    expect(await moments.upTo(timeOf(5))).toBe('0000');
    expect(await moments.upTo(timeOf(8))).toBe('0002');
  });

  it('gives the same whatever was asked before, and does not read again what it knows', async () => {
    const seconds = [1, 2, 7, 3, 4, 8, 8, 9, 12, 10, 11, 13];
    const log = recordedAt(...seconds);
    const moments = createMoments(log, 2);
    const asked = [13, 1, 8, 7, 6, 10, 12, 2];
    for (const second of asked)
      expect([second, await moments.upTo(timeOf(second))]).toEqual([
        second,
        await createMoments(recordedAt(...seconds)).upTo(timeOf(second)),
      ]);
    const before = log.counted.read;
    await moments.upTo(timeOf(13));
    expect(log.counted.read - before).toBeLessThanOrEqual(2);
  });
});
