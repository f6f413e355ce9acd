// Reads a log to its end, in its order and by streams, and prints one line of JSON.
// usage: node reader.mjs <build> <folder>
import { createHash } from 'node:crypto';

const [build, folder] = process.argv.slice(2);
const { openEmbeddedEventStore } = await import(`${build}/src/infra/event-store/embedded.js`);
const problems = [];
const store = await openEmbeddedEventStore({ folder, onProblem: ({ message }) => problems.push(message) });
const events = [];
const streams = new Set();
for await (const event of store.readAll()) {
  events.push(event);
  streams.add(event.stream);
}
const byStream = [];
for (const stream of streams) for await (const event of store.readStream(stream)) byStream.push(event);
byStream.sort((a, b) => (a.position < b.position ? -1 : 1));
await store.close();
const digest = (found) => createHash('sha256').update(JSON.stringify(found)).digest('hex');
process.stdout.write(
  JSON.stringify({ events: events.length, inOrder: digest(events), byStream: digest(byStream), problems }),
);
