import type { ReadStore } from './ports.js';
import type { ReadModel } from './read-model.js';
import type { FoldDeps } from './rebuild.js';
import type { Table } from './table.js';
import { createTable } from './table.js';

/** A version of a table: of the code that folds it, and how often that code has begun anew. */
const versionOf = (model: ReadModel, generation: number): string => `${model.version}.${generation}`;
const codeOf = (version: string): number => Number(version.split('.')[0]);
const generationOf = (version: string): number => Number(version.split('.')[1]);
const isOlder = (a: string, b: string): boolean =>
  codeOf(a) < codeOf(b) || (codeOf(a) === codeOf(b) && generationOf(a) < generationOf(b));

export const isCurrent = (model: ReadModel, live: string | null): boolean =>
  live !== null && codeOf(live) === model.version;

/** While this program ran, one with another version of a read model has taken over. Trying again would undo its work. */
export class Superseded extends Error {
  constructor(model: ReadModel, live: string | null) {
    super(`read model ${model.name}: another program now serves version ${live ?? 'none'}, not ${model.version}`);
    this.name = 'Superseded';
  }
}

export type Catalog = {
  /** What the projector keeps: all of the versions of this program. */
  readonly tables: readonly Table[];
  /** By model: the version that serves readers until the table that takes its place has caught up. */
  readonly replaced: ReadonlyMap<string, string>;
  /** Models to be folded beside what is served now, so that the others need not wait. */
  readonly beside: readonly ReadModel[];
};

/** Finds out what is live and where each table stands. `expected`: may a model's live version be of other code? */
export async function openTables(
  deps: FoldDeps & { readonly models: readonly ReadModel[]; readonly onProblem: (problem: Error) => void },
  expected: (model: ReadModel, live: string | null) => boolean,
): Promise<Catalog> {
  const { readStore, models } = deps;
  const found = await Promise.all(models.map(async (model) => ({ model, live: await readStore.live(model.name) })));
  const current = found.filter(({ model, live }) => isCurrent(model, live));
  const outdated = found.filter(({ model, live }) => !isCurrent(model, live));
  for (const { model, live } of outdated) if (!expected(model, live)) throw new Superseded(model, live);

  const replaced = new Map<string, string>();
  if (current.length > 0) {
    const tables = current.map(({ model, live }) => createTable(readStore, model, live ?? versionOf(model, 0)));
    await place(deps, tables);
    return { tables, replaced, beside: outdated.map(({ model }) => model) };
  }
  // Nothing that is served can be kept up to date: all are folded at once, from the beginning.
  const tables = outdated.map(({ model }) => createTable(readStore, model, versionOf(model, 0)));
  for (const { model, live } of outdated)
    if (live === null) await readStore.swap(model.name, null, versionOf(model, 0));
    else replaced.set(model.name, live);
  await place(deps, tables);
  return { tables, replaced, beside: [] };
}

async function place(
  { events, readStore, onProblem }: FoldDeps & { readonly onProblem: (problem: Error) => void },
  tables: readonly Table[],
) {
  for (const table of tables) table.moveTo(await readStore.checkpoint(table.name));
  const head = await events.head(); // read last: no checkpoint of this log can be beyond it
  for (const table of tables) {
    const at = table.at();
    if (!at || (head !== undefined && at.position <= head)) continue;
    onProblem(new Error(`read model ${table.name} is ahead of the log, which was put back: it is folded anew`));
    await readStore.drop(table.name);
    table.moveTo(null);
  }
}

/**
 * The version to fold a model anew in. A rebuild that somebody asked for never uses what an earlier one has left, which
 * other code may have folded; with `resume`, that of a new version of the code goes on from there.
 */
export async function nextVersion(readStore: ReadStore, model: ReadModel, resume: boolean): Promise<string> {
  const versions = (await readStore.tables()).map(({ table }) => table.split('@'));
  const live = await readStore.live(model.name);
  const generations = [...versions, [model.name, live ?? '']].flatMap(([name, version = '']) =>
    name === model.name && codeOf(version) === model.version ? [generationOf(version)] : [],
  );
  return versionOf(model, resume ? Math.max(0, ...generations) : Math.max(-1, ...generations) + 1);
}

/** Drops the tables that came before the live one: also those that a crash between a swap and a drop has left. */
export async function removeOlder(readStore: ReadStore, models: readonly ReadModel[]) {
  const lives = new Map<string, string | null>();
  for (const { name } of models) lives.set(name, await readStore.live(name));
  for (const { table } of await readStore.tables()) {
    const [name = '', version = ''] = table.split('@');
    const live = lives.get(name);
    if (live && isOlder(version, live)) await readStore.drop(table);
  }
}

/** The tables have caught up: from now on they serve the readers. */
export async function swapReplaced(
  readStore: ReadStore,
  tables: readonly Table[],
  replaced: ReadonlyMap<string, string>,
) {
  for (const { model, version } of tables) {
    const old = replaced.get(model.name);
    if (old !== undefined && (await readStore.swap(model.name, old, version)))
      await readStore.drop(`${model.name}@${old}`);
  }
}
