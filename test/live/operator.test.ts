import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from './support/world.js';
import { openWorld } from './support/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Model = { readonly name: string; readonly version: string; readonly rebuild: { readonly state: string } | null };

describe('commandId of an operator’s mutations (issue 2 part 10: every mutation takes one)', () => {
  const rebuild = (name: string, commandId: string) =>
    world.api.ask(
      world.operator,
      'mutation ($name: String!, $id: ID) { rebuildProjection(name: $name, commandId: $id) { state } }',
      { name, id: commandId },
    );
  async function organ(): Promise<Model | undefined> {
    const query = '{ projections { models { name version rebuild { state } } } }';
    const { projections } = await world.api.ask<{ projections: { models: Model[] } }>(world.operator, query);
    return projections.models.find(({ name }) => name === 'organ');
  }

  it('the same rebuild sent again does not begin another, and its id is not taken for something else', async () => {
    const before = (await organ())?.version;
    await rebuild('organ', 'r-1');
    let done = await organ();
    while (done?.rebuild?.state === 'running') done = await organ();
    expect(done).toMatchObject({ rebuild: { state: 'done' } });
    expect(done?.version).not.toBe(before);
    await rebuild('organ', 'r-1');
    expect(await organ()).toEqual(done);
    await expect(rebuild('post', 'r-1')).rejects.toMatchObject({ code: 'COMMAND_REUSED' });
    await expect(rebuild('nonsense', 'r-2')).rejects.toMatchObject({ code: 'NO_SUCH_PROJECTION' });
  });

  it('an import sent again has no second effect; its id with another file is refused, and nothing written', async () => {
    const send = async (file: string) => {
      const { importRegister } = await world.api.ask<{ importRegister: { rows: readonly { result: string }[] } }>(
        world.operator,
        `mutation ($content: String!) { importRegister(kind: deputies, content: $content, commit: true, commandId: "i-1") {
          rows { result } } }`,
        { content: Buffer.from(`code,name,region,term,confirmedOn\n${file}\n`).toString('base64') },
      );
      return importRegister.rows.map(({ result }) => result);
    };
    expect(await send('I-1,水利,150802,5,2022-01-10')).toEqual(['DONE']);
    await world.settle(); // what the policies make of it is written too
    const written = (await world.log()).length;
    expect(await send('I-1,水利,150802,5,2022-01-10')).toEqual(['UNCHANGED']);
    await expect(send('I-2,水利,150802,5,2022-01-10')).rejects.toMatchObject({ code: 'COMMAND_REUSED' });
    expect(await world.log()).toHaveLength(written);
  });
});

it('anybody may ask whether the server is ready: it answers with states, and with no text of an error', async () => {
  await world.settle();
  const ready = (await (await fetch(`${world.url}/health/ready`)).json()) as object;
  expect(ready).toEqual({
    ok: expect.any(Boolean),
    log: { state: 'live', fault: null },
    projector: { state: 'live', lagMs: expect.any(Number) },
    reactors: { retrying: [] },
    scheduler: { state: 'running', secondsSinceTick: expect.any(Number) },
  });
});
