import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { replay } from './log.js';

// Opens and replays the log of a folder in a process of its own, and prints by how many MB the process grew at most.
const [folder = ''] = process.argv.slice(2);
const before = process.memoryUsage.rss();
let most = before;
let events = 0;
const store = await openEmbeddedEventStore({ folder });
await replay(store, () => {
  if (events++ % 1_000 === 0) most = Math.max(most, process.memoryUsage.rss());
});
await store.close();
process.stdout.write(String((most - before) / 1_000_000));
