import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { assertKept, assertRefusal, openFaultyHouse, until } from './support/house.js';
import { smallDisk } from './support/small-disk.js';
import { withFaults } from './support/traced.js';

describe('a disk that is full (issue 5 part 8)', () => {
  it('refuses with a code, tells it in readiness and metrics, serves readers, and takes writes by itself once there is room', async () => {
    const disk = smallDisk(24 * 1_048_576);
    const data = join(disk.folder, 'data');
    mkdirSync(data);
    const house = await openFaultyHouse(data);
    for (let n = 0; n < 5; n++) expect(await house.register(`before ${n}`)).toBeUndefined();
    expect((await house.health('ready')).log).toEqual({ state: 'live', fault: null });

    disk.fill();
    // The log has laid out some room ahead.
    const codes = Array.from({ length: 200 }, (_, n) => `full ${n}`);
    const told = await Promise.all(codes.map((code) => house.register(code, '长'.repeat(50))));
    const refused = told.filter((refusal) => refusal !== undefined);
    expect(refused.length).toBeGreaterThan(0);
    for (const refusal of refused) assertRefusal(refusal, 'NOT_RECORDED');
    expect(['NOT_RECORDED', 'KEYS_UNAVAILABLE']).toContain((await house.registerPerson('full person')).code);
    expect(house.server.output()).toMatch(/The disk of .+ is full; nothing was written/);
    expect((await house.health('ready')).log).toEqual({ state: 'refusing', fault: 'disk_full' });
    expect((await house.health('live')).ok).toBe(true);
    expect(await house.metric('wuji_log_fault')).toBe('wuji_log_fault{fault="disk_full"} 1');
    expect((await house.ask('{ viewer { kind } }')).data).toEqual({ viewer: { kind: 'official' } });
    await assertKept(house);

    disk.clear();
    const ready = await until(
      () => house.health('ready'),
      ({ log, projector }) => log.fault === null && projector.state === 'live',
    );
    expect(ready.ok).toBe(true);
    expect(await house.metric('wuji_log_fault{')).toBeUndefined();
    for (const again of await Promise.all(codes.map((code) => house.register(code, '长'.repeat(50)))))
      expect(again).toBeUndefined();
    expect(await house.registerPerson('full person')).toBeUndefined();
    expect(house.acknowledged.size).toBe(206);
    await assertKept(house);
    const log = await house.log();
    expect(await house.restart()).toBe(0);
    expect(await house.log()).toEqual(log);
  });
});

describe('a disk that cannot be written (issue 5 part 8)', () => {
  it('read-only at the start: a clear message and the end; writable again, it starts with all there was', async () => {
    const disk = smallDisk(24 * 1_048_576);
    const data = join(disk.folder, 'data');
    mkdirSync(data);
    const house = await openFaultyHouse(data);
    expect(await house.register('before')).toBeUndefined();
    expect(await house.server.stop()).toBe(0);
    disk.remount('ro');
    await expect(serveProcess({ PORT: '0', WUJI_DATA: data })).rejects.toThrow(/The data folder .+ cannot be written/);
    disk.remount('rw');
    await house.startAgain();
    await assertKept(house);
    expect(await house.register('after')).toBeUndefined();
  });

  it.each(['EROFS', 'EIO'])(
    '%s while it runs: the log stops, liveness asks for a restart, readers are served; after it what was acknowledged is there and an unsure command is done once',
    async (error) => {
      const house = await openFaultyHouse(join(await temporaryFolder(), 'data'));
      for (let n = 0; n < 3; n++) expect(await house.register(`before ${n}`)).toBeUndefined();
      const faults = await withFaults(house.server.pid, `pwrite64,ftruncate,fdatasync:error=${error}`);
      const refused = await house.register('unsure');
      assertRefusal(refused, 'OUTCOME_UNKNOWN');
      await faults.end();
      // Also when the disk seems well again: nobody knows what it holds.
      assertRefusal(await house.register('later'), 'OUTCOME_UNKNOWN');
      expect(await house.health('ready')).toMatchObject({
        ok: false,
        log: { state: 'refusing', fault: 'write_failed' },
      });
      expect((await house.health('live')).ok).toBe(false);
      expect(await house.metric('wuji_log_fault')).toBe('wuji_log_fault{fault="write_failed"} 1');
      expect((await house.ask('{ viewer { kind } }')).data).toEqual({ viewer: { kind: 'official' } });
      await house.restart();
      expect(await house.health('live')).toMatchObject({ ok: true });
      for (const code of ['unsure', 'later', 'after']) expect(await house.register(code)).toBeUndefined();
      await assertKept(house);
    },
  );
});

describe('a disk that is slow to flush (issue 5 part 8)', () => {
  it('keeps what waits for it waiting, and nobody else: others are answered meanwhile, all is acknowledged, and it is quick again by itself', async () => {
    const house = await openFaultyHouse(join(await temporaryFolder(), 'data'));
    await house.register('before');
    const faults = await withFaults(house.server.pid, 'fdatasync:delay_enter=1500000');
    await house.register('first'); // from now on it is known to be slow
    let [isWritten, answers] = [false, 0];
    const writing = house.register('slow').finally(() => {
      isWritten = true;
    });
    for (; !isWritten; answers++) await house.health('live');
    expect(await writing).toBeUndefined();
    // A flush that held the process would let those through that come before it, and nobody else.
    expect(answers).toBeGreaterThan(20);
    // Those who come while one is flushed share the next.
    await Promise.all(Array.from({ length: 20 }, (_, n) => house.register(`together ${n}`)));
    expect(house.acknowledged.size).toBe(23);
    expect((await house.health('ready')).ok).toBe(true);
    await faults.end();
    for (let n = 0; n < 20; n++) await house.register(`after ${n}`);
    await assertKept(house);
  });
});
