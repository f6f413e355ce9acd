import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import type { CaseRow } from '../../src/projections/kernel/case-model.js';
import type { ReadStore } from '../../src/projections/kernel/ports.js';
import type { ReadModels, Step } from '../../src/projections/kernel/projector-types.js';
import { play } from '../projections/kernel/errand.js';

/** Read models on one node or several, over one log and one read store; all is closed by `close`. */
export type OpenedReadModels = {
  readonly events: EventStore;
  readonly readStore: ReadStore;
  /** As each node sees them. */
  readonly nodes: readonly ReadModels[];
  /** The next commit is lost on its way to the nodes. */
  loseOne?(): void;
  close(): Promise<void>;
};

/** What every node may rely on, whoever folds. */
export function readModelsContract(
  name: string,
  open: () => Promise<OpenedReadModels>,
  /** `loses`: between one who folds and those who follow something may be lost, and `loseOne` is there. */
  capabilities: { readonly loses: boolean },
): void {
  describe(`${name} keeps the rules of read models that are followed`, () => {
    let opened: OpenedReadModels;
    let heard: Step[][];
    beforeEach(async () => {
      opened = await open();
      heard = opened.nodes.map(() => []);
      // From here on: what was folded before is not told.
      await play(opened.events, [{ errand: 0, what: 'open', owner: 'ann' }]);
      await reached();
      for (const [n, node] of opened.nodes.entries()) node.onCommitted(({ steps }) => heard[n]?.push(...steps));
    });
    afterEach(() => opened.close());

    const reached = async () => {
      for (const node of opened.nodes) expect(await node.caughtUp(15_000)).toBe('reached');
    };
    const rounds = async (count: number, from = 1) => {
      for (let n = from; n < from + count; n++)
        await play(opened.events, [
          { errand: n, what: 'open', owner: 'ann' },
          { errand: n, what: 'pass', owner: 'bo' },
        ]);
    };
    const positionsIn = async () => {
      const positions: string[] = [];
      for await (const { position } of opened.events.readAll()) positions.push(position);
      return positions.slice(1);
    };
    const told = () => heard.map((steps) => steps.map(({ event }) => event.position));

    test('every event is told once and in log order, on every node', async () => {
      await rounds(12);
      await reached();
      await eventually(async () => expect(told()).toEqual(Array(heard.length).fill(await positionsIn())));
    });

    test('each with the case exactly as it was before and after it', async () => {
      await rounds(3);
      await reached();
      await eventually(() => expect(heard.every(({ length }) => length === 6)).toBe(true));
      for (const steps of heard)
        expect(steps.map(({ changes }) => changes.filter(({ model }) => model === 'errand').map(ownersOf))).toEqual(
          Array(3)
            .fill([[[undefined, 'ann']], [['ann', 'bo']]])
            .flat(),
        );
    });

    test('a position that is reached can be read from the store, on every node', async () => {
      await rounds(2);
      const head = await opened.events.head();
      for (const node of opened.nodes) {
        expect(await node.waitFor(head ?? '', 15_000)).toBe('reached');
        expect(node.position()).toBe(head);
        expect((await opened.readStore.row('errand', '2')) as CaseRow).toMatchObject({ state: { owner: 'bo' } });
      }
    });

    test('a position beyond the log is not reached', async () => {
      for (const node of opened.nodes) expect(await node.waitFor('g', 50)).toBe('timeout');
    });

    const whereSomethingIsLost = capabilities.loses ? test : () => {};
    whereSomethingIsLost('what is lost on the way is found again, with its rows', async () => {
      await rounds(2);
      await reached();
      opened.loseOne?.();
      await rounds(2, 3);
      await rounds(2, 5);
      await reached();
      await eventually(async () => expect(told()).toEqual(Array(heard.length).fill(await positionsIn())));
      for (const steps of heard)
        expect(steps.flatMap(({ changes }) => changes.filter(({ model }) => model === 'errand').map(ownersOf))).toEqual(
          Array(6)
            .fill([
              [undefined, 'ann'],
              ['ann', 'bo'],
            ])
            .flat(),
        );
    });

    test('they say how they are, and a rebuild of one by name ends in a newer table', async () => {
      await rounds(2);
      await reached();
      const [node] = opened.nodes;
      await eventually(() => expect(node?.status().state).toBe('live'));
      const before = await opened.readStore.live('owner');
      await node?.rebuild('owner');
      await eventually(async () => expect(await opened.readStore.live('owner')).not.toBe(before));
      await reached();
    });
  });
}

const ownersOf = ({ before, after }: { before: unknown; after: unknown }) =>
  [before, after].map((row) => (row as CaseRow<{ owner: string }> | undefined)?.state.owner);

const eventually = (expectation: () => void | Promise<void>) => vi.waitFor(expectation, 15_000);
