import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { openEmbeddedReadStore } from '../../../src/infra/read-store/embedded.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import type { Projector, ProjectorDeps } from '../../../src/projections/kernel/projector.js';
import { createProjector } from '../../../src/projections/kernel/projector.js';
import { models, registry } from './errand.js';

/** An empty read store in a folder of its own; gone when the test is over. */
export function newReadStore(): ReadStore {
  const folder = mkdtempSync(join(tmpdir(), 'wuji-projector-'));
  const onDropped = (reason: string) => {
    throw new Error(reason);
  };
  const store = openEmbeddedReadStore({ folder: join(folder, 'read'), epoch: 'array', onDropped });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

export const now = '2026-03-02T02:00:05.000Z';

/** A started projector over the errands; stopped when the test is over. Problems fail the test unless it takes them. */
export function project(events: EventStore, readStore: ReadStore, options: Partial<ProjectorDeps> = {}): Projector {
  const problems: Error[] = [];
  const projector = createProjector({
    events,
    readStore,
    registry,
    models,
    clock: { now: () => new Date(now) },
    onProblem: (problem) => problems.push(problem),
    pause: async () => {},
    ...options,
  });
  onTestFinished(async () => {
    await projector.stop();
    expect(problems).toEqual([]);
  });
  projector.start();
  return projector;
}

export async function caughtUp(...projectors: Projector[]): Promise<void> {
  for (const projector of projectors) expect(await projector.caughtUp(20_000)).toBe('reached');
}

export async function linesOf(store: ReadStore, table: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of store.dump(table)) lines.push(line);
  return lines;
}

/** What the tables of all errand models hold, each in its live version. */
export async function contents(store: ReadStore): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { name } of models) found[name] = await linesOf(store, `${name}@${await store.live(name)}`);
  return found;
}

export async function fromZero(events: EventStore): Promise<Record<string, string[]>> {
  const store = newReadStore();
  const projector = project(events, store);
  await caughtUp(projector);
  await projector.stop();
  return contents(store);
}

/** A promise that the test settles. */
export function withResolvers() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise<unknown>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
