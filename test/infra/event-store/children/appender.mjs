// Appends for ever and prints each acknowledgement as one line: {"stream", "first", "ids"}.
// usage: node appender.mjs <build> <folder> <round> [bytes of a segment]
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';

const [build, folder, round, bytes] = process.argv.slice(2);
const { openEmbeddedEventStore } = await import(`${build}/src/infra/event-store/embedded.js`);
const store = await openEmbeddedEventStore({ folder, ...(bytes && { segmentBytes: Number(bytes) }) });

const WRITERS = 12;
const meta = { commandId: 'c', actor: { policy: 'p' }, $correlationId: 'c', $causationId: 'c', audience: {} };
const proposed = (append, index, size) => ({
  id: randomUUID(),
  type: 'T',
  version: 1,
  data: { append, index, size, text: '五级'.repeat(60) },
  effectiveAt: '2026-01-01T00:00:00.000Z',
  meta,
});

async function writeForEver(writer) {
  // Every third writer shares a stream with others: conflicts are part of the load.
  const stream = writer % 3 === 0 ? `shared-${round}` : `own-${round}-${writer}`;
  let expected = 'no_stream';
  for (let turn = 0; ; turn++) {
    const size = 1 + ((turn + writer) % 3);
    const events = Array.from({ length: size }, (_, index) => proposed(`${round}/${writer}/${turn}`, index, size));
    try {
      const { revision } = await store.append(stream, events, expected);
      expected = revision;
      const line = JSON.stringify({ stream, first: revision - size + 1, ids: events.map(({ id }) => id) });
      writeSync(1, `${line}\n`);
    } catch (error) {
      if (error.name !== 'WrongExpectedRevision') throw error;
      expected = error.actual ?? 'no_stream';
    }
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForEver(writer)));
