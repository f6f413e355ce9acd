// Tries to open a store as a user without special rights, and prints what came of it.
// usage: node opener.mjs <build> <folder>
const [build, folder] = process.argv.slice(2);
const { openEmbeddedEventStore } = await import(`${build}/src/infra/event-store/embedded.js`);
const NOBODY = 65_534;
if (process.getuid() === 0) process.setuid(NOBODY);
try {
  const store = await openEmbeddedEventStore({ folder });
  await store.close();
  process.stdout.write(JSON.stringify({ opened: true }));
} catch (error) {
  process.stdout.write(JSON.stringify({ name: error.name, code: error.code, text: error.text }));
}
