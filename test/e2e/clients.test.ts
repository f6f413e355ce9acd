import { expect, it, onTestFinished } from 'vitest';
import { freePort, serveProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { gather } from './support/crowd.js';
import { compareWithLog } from './support/verdict.js';

const commands = 260;

/**
 * 200 deputies of five levels, each on a WebSocket of the stock graphql-ws client, through random work with forced
 * disconnects and kill -9 of the server.
 */
it('200 clients receive exactly, and in order, what the log says they were entitled to see', async () => {
  const dataDir = await temporaryFolder();
  const env = { PORT: String(await freePort()), WUJI_DATA: dataDir };
  let server = await serveProcess(env);
  onTestFinished(async () => {
    await server.stop();
  });
  const crowd = await gather({ perLevel: 40, seed: 20261124, dataDir, url: () => server.url });
  onTestFinished(crowd.leave);
  await crowd.arrive();
  const step = await crowd.player();
  for (let n = 0; n < commands; n++) {
    if (n % 90 === 60) {
      await server.kill();
      server = await serveProcess(env);
    }
    await step(n > commands / 2);
  }
  await crowd.returned();
  const { exact, messages } = await compareWithLog(crowd);
  expect(exact).toBeGreaterThan(150);
  expect(messages).toBeGreaterThan(10 * commands);
}, 300_000);
