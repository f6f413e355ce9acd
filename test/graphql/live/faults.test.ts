import { describe, expect, it } from 'vitest';
import { viewerOf } from '../../../src/graphql/context.js';
import { deputy, idOf } from '../../support/spec.js';
import { allOf, anna, client, feedDocument, mandateTag, settle, world } from './rig.js';

const tag = mandateTag('anna');
const codes = (one: ReturnType<typeof client>) => one.failed.map((refusal) => refusal.refused);

describe('what is read again from the past (invariant 4 of the hub; P3)', () => {
  it('comes with its case only as far as the case itself, as that event left it, was the viewer’s', async () => {
    const here = world(10);
    here.publish('note-1', { [tag]: 'participant' });
    here.publish('note-1', { [tag]: 'participant' }, { type: 'Removed', after: {} });
    here.publish('note-1', { [tag]: 'participant' }, { type: 'Lowered', after: { [tag]: 'public' } });
    here.publish('note-1', { [tag]: 'participant' }, { type: 'Back' });
    await settle();
    const one = client(here, anna, '1');
    one.cursor = 'e1.000000';
    one.connect();
    await settle();
    expect(one.received).toEqual(['E1', 'Removed', 'Lowered', 'Back']);
    expect(one.cases).toEqual([0, null, null, 3]);
  });

  it('comes with its case by no more than the viewer’s class now', async () => {
    const here = world(10);
    here.publish('note-1', { [tag]: 'participant' });
    here.publish('note-1', { [tag]: 'participant' }, { type: 'Lowered', after: { [tag]: 'follower' } });
    const one = client(here, anna, '1');
    one.cursor = 'e1.000000';
    one.connect();
    await settle();
    expect(one.cases).toEqual([0, 1]); // both as a follower
  });
});

describe('faults of a part stay with that part (invariant 7 of the hub)', () => {
  it('read models that stand still behind the ring end a catch-up with BUSY; it does not ask for ever', async () => {
    const here = world(1);
    for (const name of ['1', '2', '3']) here.publish(`note-${name}`, { [tag]: 'participant' });
    here.stall('000001');
    const one = client(here, anna);
    one.cursor = 'e1.000000';
    one.connect();
    await settle();
    expect(codes(one)).toEqual(['BUSY']);
    expect(here.hub.subscriptions).toBe(0);
  });

  it('as long as nobody knows how far the read models stand, it is busy; what they are told first is not the beginning', async () => {
    const here = world(10);
    here.stand(undefined);
    here.publish('note-1', allOf(['anna']), { told: false });
    const [early, late] = [client(here, anna), client(here, anna)];
    early.cursor = 'e1.000000';
    early.connect();
    await settle();
    expect(early.failed).toMatchObject([{ refused: 'BUSY' }]);
    here.publish('note-1', allOf(['anna']));
    await settle();
    late.cursor = 'e1.000000';
    late.connect();
    await settle();
    expect(late.received).toEqual(['E1', 'E2']);
  });

  it('a connection that breaks once misses nothing; one that stays broken ends alone, and the batch goes on', async () => {
    const here = world(10);
    const berta = viewerOf(deputy('berta', '150802'));
    const carl = viewerOf(deputy('carl', '150802'));
    const [shaky, dead, sound] = [client(here, anna), client(here, berta), client(here, carl)];
    for (const one of [shaky, dead, sound]) one.connect();
    await settle();
    shaky.breakFor(1);
    dead.breakFor(9);
    const everybody = allOf(['anna', 'berta', 'carl']);
    here.publish('note-1', everybody);
    here.publish('note-2', everybody);
    await settle();
    expect([shaky.received, dead.received, sound.received]).toEqual([['E1', 'E2'], [], ['E1', 'E2']]);
    expect([codes(shaky), codes(dead), codes(sound)]).toEqual([[], ['BUSY'], []]);
    expect(here.errors.length).toBeGreaterThan(0);
  });

  it('a text that cannot be worked out is missed by those who asked for it; the others and the ring have the event', async () => {
    const here = world(10);
    const [feeding, watching] = [client(here, anna), client(here, anna, '1')];
    here.publish('note-1', { [tag]: 'participant' });
    feeding.connect();
    watching.connect();
    await settle();
    const { plan } = here.plans.ask(feedDocument, undefined, { after: null });
    const run = plan.run.bind(plan);
    let failures = 1;
    plan.run = (message, shown) => {
      if (failures-- > 0) throw new Error('no memory');
      return run(message, shown);
    };
    here.publish('note-1', { [tag]: 'participant' });
    here.publish('note-1', { [tag]: 'participant' });
    await settle();
    expect([feeding.received, watching.received]).toEqual([
      ['E2', 'E3'],
      ['E2', 'E3'],
    ]);
    expect(here.hub.position).toBe('000003');
    expect(here.errors).toHaveLength(1);
  });

  it('a refusal that cannot be written does not keep the others from theirs (P6)', async () => {
    const here = world(10);
    const [broken, sound] = [client(here, anna), client(here, anna)];
    broken.connect();
    sound.connect();
    await settle();
    broken.failed.push = () => {
      throw new Error('the connection is broken');
    };
    here.publish(`mandate-${idOf('anna')}`, { [tag]: 'office' }, { type: 'MandateSuspended' });
    await settle();
    expect(codes(sound)).toEqual(['MANDATE_SUSPENDED']);
    expect(here.hub.subscriptions).toBe(0);
  });
});
