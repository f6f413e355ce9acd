import { join } from 'node:path';
import type { ExecutionResult } from 'graphql';
import { graphql } from 'graphql';
import { onTestFinished } from 'vitest';
import type { Actor, OrganKind } from '../../../src/domain/kernel/actor.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { wuji } from '../../../src/domain/wuji.js';
import { boardsAndInboxes } from '../../../src/graphql/boards/boards.js';
import { anybody } from '../../../src/graphql/context.js';
import { feedQueries } from '../../../src/graphql/feed-queries.js';
import type { ReplayServices } from '../../../src/graphql/replay/replay.js';
import { replayApi } from '../../../src/graphql/replay/replay.js';
import { createSchema } from '../../../src/graphql/schema.js';
import { scratchStores } from '../../../src/infra/read-store/scratch.js';
import { boardModels, boardTables } from '../../../src/projections/boards/index.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import { createMoments } from '../../../src/projections/replay/moments.js';
import { createPast } from '../../../src/projections/replay/past.js';
import type { Town } from '../../projections/town.js';
import { assigned, city, newTown, registered, replied, run, seenBy } from '../../projections/town.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a client without types reads them
export type Json = any;

export const boardPastModels = [...caseModels, ...boardModels].filter(({ name }) => boardTables.has(name));

/** A past over the town's log, in a folder of its own. */
export async function pastOf(at: { readonly store: EventStore }) {
  const folder = join(await temporaryFolder(), 'past');
  const past = createPast({
    ...{ events: at.store, registry: wuji, models: boardPastModels },
    openScratch: scratchStores(folder, at.store.epoch),
  });
  onTestFinished(() => past.close());
  return { past, folder };
}

/** The queries of the past over a town, asked as whom. */
export async function askingIn(at: Town) {
  const { projector, settle } = run(at.store, at.reads, at.handle, at.now);
  const { past, folder } = await pastOf(at);
  const definitions = { registry: wuji, models: caseModels };
  const services: ReplayServices = {
    ...{ ...at, projector, past, moments: createMoments(at.store) },
    ...{ clock: { now: at.now }, waitMs: 30_000 },
  };
  const api = replayApi(definitions, () => services);
  const schema = createSchema(definitions, () => services, [feedQueries, boardsAndInboxes, api]);

  async function ask(
    source: string,
    as: Actor | null,
    variableValues: Record<string, unknown> = {},
  ): Promise<ExecutionResult> {
    const viewer = as ? seenBy(as) : anybody;
    return graphql({ schema, source, variableValues, contextValue: { viewer } });
  }
  return {
    settle,
    /** There is nothing in it before something was folded. */
    folder,
    ask,
    async data(source: string, as: Actor | null, variables: Record<string, unknown> = {}): Promise<Json> {
      const answer = await ask(source, as, variables);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
      return JSON.parse(JSON.stringify(answer.data));
    },
    async refusal(source: string, as: Actor | null, variables: Record<string, unknown> = {}): Promise<unknown> {
      const answer = await ask(source, as, variables);
      return answer.errors?.[0]?.extensions.code;
    },
    head: async () => (await at.store.head()) ?? '',
  };
}

/** A city whose congress has its office, an auditor and a deputy. */
export async function cityWithAuditor() {
  const at = await newTown();
  await at.congress(city);
  const dwc = await at.official('DWC', city);
  const auditor = await at.official('AUD' satisfies OrganKind, city);
  const bat = await at.deputy('Bat', city);
  return { at, dwc, auditor, bat };
}

/** A suggestion in such a city, from its draft to its reply. */
export async function suggestionReplied() {
  const cast = await cityWithAuditor();
  const { at, dwc, bat } = cast;
  const water = await at.official('ORG', city, 'water');
  const id = await registered(at, bat, dwc, 'Canals');
  await assigned(at, id, dwc, water);
  await replied(at, id, water, bat, 'A');
  return { ...cast, id, water };
}
