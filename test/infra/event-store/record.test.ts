import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32, crc32AndWord, crc32ByTable, crc32Joined } from '../../../src/infra/event-store/crc32.js';
import {
  areRecordsAt,
  encodeEvent,
  eventIn,
  frontOf,
  isRecordAt,
  lengthAt,
  mostBytesOf,
  placeIn,
  putRecord,
} from '../../../src/infra/event-store/record.js';
import { sample } from '../../contract/event-store.contract.js';

const someBytes = fc.uint8Array({ maxLength: 6_000, size: 'max' }).map((bytes) => Buffer.from(bytes));

test('the checksum by table is that of Node', () => {
  fc.assert(
    fc.property(someBytes, (bytes) => {
      expect(crc32ByTable(bytes)).toBe(crc32(bytes));
    }),
  );
  expect(crc32ByTable(Buffer.from('123456789'))).toBe(0xcbf43926);
});

test('the checksum of two pieces follows from those of each', () => {
  fc.assert(
    fc.property(someBytes, someBytes, (first, second) => {
      const both = crc32(Buffer.concat([first, second]));
      expect(crc32Joined(crc32(first), crc32(second), second.length)).toBe(both);
    }),
  );
  const [long, zeros] = [Buffer.from('五级人大代表'), Buffer.alloc(5_000_000)];
  expect(crc32Joined(crc32(long), crc32(zeros), zeros.length)).toBe(crc32(Buffer.concat([long, zeros])));
});

test('the checksum goes on with four bytes', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(0xffff_ffff), (bytes, word) => {
      const four = Buffer.alloc(4);
      four.writeUInt32LE(word);
      expect(crc32AndWord(crc32(bytes), word)).toBe(crc32(Buffer.concat([bytes, four])));
    }),
  );
});

const proposed = fc.record({ stream: fc.string({ minLength: 1 }), data: fc.jsonValue() });

/** The records of some events, one behind the other, and where each begins. */
function recordsOf(events: readonly { stream: string; data: unknown }[]) {
  const pieces = events.map(({ stream, data }, n) => {
    const [front, encoded] = [frontOf(n, JSON.stringify(stream), '"2026-03-02"'), encodeEvent(sample(`${n}`, data))];
    const bytes = Buffer.alloc(mostBytesOf(front, encoded));
    return bytes.subarray(0, putRecord(bytes, 0, { sequence: 7 + n, within: n, last: n % 2 === 0 }, front, encoded));
  });
  const places = pieces.map((_, n) => Buffer.concat(pieces.slice(0, n)).length);
  return { bytes: Buffer.concat(pieces), places };
}

test('an event comes out of its record as it went in', () => {
  fc.assert(
    fc.property(fc.array(proposed, { minLength: 1, maxLength: 5 }), (events) => {
      const { bytes, places } = recordsOf(events);
      for (const [n, at] of places.entries()) {
        const { stream, data } = events[n] ?? expect.fail('a record without its event');
        const wanted = { ...sample(`${n}`), data: JSON.parse(JSON.stringify(data)), stream, revision: n };
        expect(eventIn(bytes, at, 7 + n)).toEqual({
          ...wanted,
          position: expect.any(String),
          recordedAt: '2026-03-02',
        });
        expect(placeIn(bytes, at)).toEqual({ stream, revision: n });
      }
    }),
  );
});

test('a run of records is right when each of them is, whatever bits flip in it', () => {
  const run = fc.record({
    events: fc.array(proposed, { minLength: 1, maxLength: 6 }),
    flips: fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(7)), {
      maxLength: 4,
    }),
  });
  let [right, wrong] = [0, 0];
  fc.assert(
    fc.property(run, ({ events, flips }) => {
      const { bytes, places } = recordsOf(events);
      for (const [where, bit] of flips) {
        const at = Math.floor(where * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      }
      const each = places.every((at) => isRecordAt(bytes, at, bytes.length));
      expect(areRecordsAt(bytes, 0, places.length)).toBe(each);
      if (each) right++;
      else wrong++;
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(right, wrong)).toBeGreaterThan(100);
});

test('of a run nothing may be missing, and nothing be asked beyond its end', () => {
  const { bytes, places } = recordsOf([1, 2, 3].map((data) => ({ stream: 's', data })));
  const last = places.at(-1) ?? 0;
  expect(areRecordsAt(bytes, 0, 3)).toBe(true);
  expect(areRecordsAt(bytes, places[1] ?? 0, 2)).toBe(true);
  expect(areRecordsAt(bytes, 0, 4)).toBe(false);
  expect(areRecordsAt(bytes.subarray(0, last), 0, 3)).toBe(false);
  expect(areRecordsAt(bytes.subarray(0, last + lengthAt(bytes, last) - 1), 0, 3)).toBe(false);
});
