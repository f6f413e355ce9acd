// Appends until the store refuses, then shows that the process lives: reads all back. Prints one line of JSON.
// usage: node filler.mjs <build> <folder>
const [build, folder] = process.argv.slice(2);
const { openEmbeddedEventStore } = await import(`${build}/src/infra/event-store/embedded.js`);
const store = await openEmbeddedEventStore({ folder });

const meta = { commandId: 'c', actor: { policy: 'p' }, $correlationId: 'c', $causationId: 'c', audience: {} };
const proposed = (id) => ({
  id,
  type: 'T',
  version: 1,
  data: { text: 'x'.repeat(2_000) },
  effectiveAt: '2026-01-01T00:00:00.000Z',
  meta,
});

const acknowledged = [];
let refused;
for (let turn = 0; refused === undefined; turn++) {
  const ids = [0, 1, 2, 3].map((writer) => `${turn}-${writer}`);
  const results = await Promise.allSettled(ids.map((id) => store.append(`s-${id}`, [proposed(id)], 'no_stream')));
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') acknowledged.push(ids[index]);
    else refused = { name: result.reason.name, code: result.reason.code, text: result.reason.text };
  }
}
const readable = [];
for await (const event of store.readAll()) readable.push(event.id);
await store.close();
process.stdout.write(JSON.stringify({ acknowledged, readable, refused }));
