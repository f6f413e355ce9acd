import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Actor } from '../../../../src/domain/kernel/actor.js';
import { refOfStream } from '../../../../src/domain/kernel/aggregate.js';
import { isRefusal } from '../../../../src/domain/kernel/refusal.js';
import type { ImportKind } from '../../../../src/domain/organization/import/columns.js';
import { commitImport } from '../../../../src/domain/organization/import/commit.js';
import { lookupOver } from '../../../../src/domain/organization/import/lookup.js';
import type { ImportPlan } from '../../../../src/domain/organization/import/plan.js';
import { planImport } from '../../../../src/domain/organization/import/plan.js';
import { mandate } from '../../../../src/domain/organization/mandate.js';
import { post } from '../../../../src/domain/organization/post.js';
import { keepsRegisterOf } from '../../../../src/domain/organization/who.js';
import { wuji } from '../../../../src/domain/wuji.js';
import { readCsv } from '../../../../src/infra/csv.js';
import { openEmbeddedEventStore } from '../../../../src/infra/event-store/embedded.js';
import { nameId } from '../../../../src/infra/ids.js';
import { done, houseOf } from '../../../support/house.js';
import { personalOf, sealsOf } from '../../../support/seals.js';
import { official, system } from '../../../support/spec.js';

export const registrar = official('DWC', '150800');

/** The real store, `handle` and file reader; posts are found in the log as a read model would find them. */
export async function importHouse() {
  const folder = await mkdtemp(join(tmpdir(), 'wuji-import-'));
  const store = await openEmbeddedEventStore({ folder });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const { handle, loader } = houseOf(wuji, store);
  const { openState } = personalOf(sealsOf());
  let commands = 0;

  const log = async () => {
    const events = [];
    for await (const event of store.readAll()) events.push(event);
    return events;
  };
  const types = async () => (await log()).map((event) => event.type);
  const statesOf = async (type: string) => {
    const opened = (await log()).filter((event) => event.type === type);
    return Promise.all(
      opened.map(async (event) => {
        const ref = refOfStream(event.stream);
        return openState(ref, (await loader.load(ref)).state);
      }),
    );
  };
  const lookup = lookupOver({
    loader,
    open: openState,
    nameId,
    posts: async (holder) =>
      (await statesOf('PostAssigned')).map((state) => post.state.parse(state)).filter((p) => p.person === holder),
    inCharge: (region) => keepsRegisterOf(registrar, region),
  });
  const send = async (action: string, input: unknown, { id, actor = system }: { id?: string; actor?: Actor } = {}) =>
    done(await handle({ action, id, input, actor, commandId: `other ${commands++}` })).id;

  return {
    lookup,
    types,
    statesOf,
    send,
    handle,
    async preview(kind: ImportKind, file: string | Uint8Array) {
      const table = readCsv(typeof file === 'string' ? new TextEncoder().encode(file) : file);
      return isRefusal(table) ? table : planImport(kind, table, lookup);
    },
    commit: (plan: ImportPlan, actor: Actor = registrar) =>
      commitImport(plan, (command) => handle({ ...command, actor })),
    /** What the register's policy does after each registration. */
    async enterMandates() {
      for (const event of (await log()).filter((one) => one.type === 'MandateRegistered')) {
        const { id } = refOfStream(event.stream);
        const { person, region } = mandate.state.parse((await loader.load(mandate.at(id))).state);
        await send('takeUpMandate', { mandate: id, congress: region }, { id: person });
      }
    },
  };
}

export function planned(plan: Awaited<ReturnType<typeof planImport>>): ImportPlan {
  if (isRefusal(plan)) throw new Error(`${plan.refused} ${JSON.stringify(plan.params)}`);
  return plan;
}
/** `2 NEW`, `3 ERROR MISSING_CELL`. */
export const linesOf = ({ rows }: ImportPlan): string[] =>
  rows.map(({ line, state, problem }) => `${line} ${state}${problem ? ` ${problem.refused}` : ''}`);
