import { expect, it, onTestFinished } from 'vitest';
import type { Sealed } from '../../src/domain/kernel/personal.js';
import { wuji } from '../../src/domain/wuji.js';
import { anybody } from '../../src/graphql/context.js';
import { createPersonal } from '../../src/graphql/personal.js';
import { purgeWith } from '../../src/graphql/privacy/purge.js';
import { createStandings } from '../../src/projections/privacy/standings.js';
import { createPolicies } from '../../src/projections/reactors/index.js';
import { newTown, noBallots, run } from '../projections/town.js';
import { sealsOf } from '../support/seals.js';

const context = { viewer: anybody };

/** A town, and a second node with keys in a memory of its own. */
async function twoNodes(code: string) {
  const town = await newTown();
  const { projector, settle } = run(town.store, town.reads, town.handle, town.now);
  const officer = await town.official('ADM', '150800', 'ADM-150800');
  const person = (await town.setUp('registerPerson', { code, region: '150800', name: '植入姓名' })).id;
  const record = (await town.act(officer, 'openDataSubject', { subject: person })).id;
  const policies = createPolicies(town.rules, sealsOf());
  await settle();
  const seals = sealsOf();
  const standings = createStandings(town.reads);
  let purged = 0;
  const end = await purgeWith(projector, { standings, seals, texts: () => purged++ });
  onTestFinished(end);
  const personal = createPersonal({
    registry: wuji,
    seals,
    standings,
    onProblem: (problem) => expect.fail(problem.message),
  });
  const { state } = await town.loader.load({ category: 'person', id: person });
  const sealed = (state as { name: Sealed }).name;
  const shown = () =>
    personal.show({ value: sealed, subject: person, category: 'IDENTITY', path: 'name' }, context, true, undefined);
  const privacy = policies.start({
    ...{ events: town.store, registry: wuji, readStore: town.reads, projector, handle: town.handle },
    ...{ clock: { now: town.now }, ballots: noBallots, onProblem: (problem: unknown) => expect.fail(String(problem)) },
  });
  onTestFinished(() => privacy.stop());
  return {
    town,
    officer,
    person,
    record,
    seals,
    sealed,
    shown,
    purged: () => purged,
    settle: privacy.settle,
    standings,
  };
}

it('erased on one node, the key is gone from the memory of another with the commit, and so are its written texts (issue 5, part 3)', async () => {
  const { town, officer, record, seals, sealed, shown, settle, purged } = await twoNodes('to be erased');
  expect(await shown()).toEqual({ as: 'SHOWN', text: '植入姓名' });
  expect(seals.open(sealed), 'the key is in memory').not.toBeInstanceOf(Promise);
  expect(purged()).toBe(0);
  await town.act(officer, 'orderErasure', { categories: ['IDENTITY'], basis: '个人信息保护法第四十七条' }, record);
  await settle();
  expect(await seals.open(sealed)).toBe('ERASED');
  expect(await shown()).toEqual({ as: 'ERASED' });
  expect(purged()).toBeGreaterThan(0);
  expect((await town.log('PersonalDataErased')).map(({ data }) => data)).toMatchObject([{ categories: ['IDENTITY'] }]);
});

it('restricted, it is shown to nobody, and stays; lifted, it is shown again; a node that starts later knows it too', async () => {
  const { town, officer, record, shown, settle, person } = await twoNodes('to be restricted');
  const reason = '法院保全';
  await town.act(officer, 'restrictProcessing', { ground: 'LEGAL_HOLD', reason }, record);
  await settle();
  expect(await shown()).toEqual({ as: 'RESTRICTED' });
  const later = createStandings(town.reads);
  await later.load();
  expect(later.of({ subject: person, category: 'CONTACT' })).toBe('RESTRICTED');
  await town.act(officer, 'liftRestriction', { reason }, record);
  await settle();
  expect(await shown()).toEqual({ as: 'SHOWN', text: '植入姓名' });
});
