import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { openFaultyHouse } from './support/house.js';
import { traced } from './support/traced.js';

it('an append is flushed before it is acknowledged; what the read models make of it is committed without a flush of its own', async () => {
  const data = join(await temporaryFolder(), 'data');
  const house = await openFaultyHouse(data);
  await house.register('before');
  const trace = await traced(house.server.pid, 'fsync,fdatasync,msync,sync_file_range,sync,syncfs,pwrite64,pwritev');
  const appends = 20;
  for (let n = 0; n < appends; n++) expect(await house.register(`traced ${n}`)).toBeUndefined();
  // A receipt is given when the read models have come to it.
  const calls = await trace.end();
  const flushes = calls.filter((call) => /\b(fsync|fdatasync|msync|sync_file_range|sync|syncfs)\(/.test(call));
  const writes = calls.filter((call) => /\bpwrite(64|v)\(/.test(call));
  expect(writes.filter((call) => call.includes(`${data}/read/`)).length).toBeGreaterThanOrEqual(1);
  expect(flushes.filter((call) => /\.segment>/.test(call)).length).toBeGreaterThanOrEqual(appends);
  expect(flushes.filter((call) => !/\.segment>/.test(call))).toEqual([]);
});
