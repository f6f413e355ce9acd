import { describe, expect, test } from 'vitest';
import type { BallotBox, Cast } from '../../src/domain/ballots/ports.js';
import { surprise } from '../support/chi-square.js';
import { idOf } from '../support/spec.js';

/** Where boxes are, for one test: as two nodes see it, and as whoever can read the store sees it. */
export type BoxPlace = {
  readonly nodes: readonly [BallotBox, BallotBox];
  /** What lies there of a ballot, in the order in which it lies there. */
  raw(ballot: string): Promise<{ readonly marks: readonly string[]; readonly ballots: readonly string[] }>;
  /** All that lies there of any ballot. */
  all(): Promise<string>;
};

const voters = ['ᠪ', 'b', 'c', 'd', 'e'].map((name) => idOf(`voter ${name}`));
let made = 0;
const newBallot = () => idOf(`ballot ${made++}`);
const receiptIn = (cast: Cast): string => {
  if (typeof cast === 'string') throw new Error(`not cast: ${cast}`);
  return cast.receipt;
};
const contentOf = (index: number) => `[${index}]`;
const partsOf = (text: string, length: number): readonly string[] =>
  Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => text.slice(at, at + length));

/** The rules that every ballot box keeps. */
export function ballotBoxContract(name: string, place: () => Promise<BoxPlace>, { runs = 150 } = {}): void {
  describe(`${name} keeps the rules of a ballot box (issue 5 part 4)`, () => {
    async function newBox() {
      const at = await place();
      const [one, other] = at.nodes;
      const ballot = newBallot();
      const box = await one.make(ballot);
      return {
        ...at,
        one,
        other,
        ballot,
        box,
        slip: (voter = '', content = '[0]') => ({ ballot, box, voter, content }),
      };
    }
    async function allVote() {
      const open = await newBox();
      const receipts: string[] = [];
      for (const [index, voter] of voters.entries())
        receipts.push(receiptIn(await open.one.cast(open.slip(voter, contentOf(index)))));
      return { ...open, receipts };
    }

    test('a ballot has one box, whoever makes it; another ballot has another', async () => {
      const { one, other, ballot, box } = await newBox();
      expect(await other.make(ballot)).toBe(box);
      expect(await one.make(newBallot())).not.toBe(box);
    });

    test('one ballot per voter, also in concurrent tries on two nodes (invariant 11)', async () => {
      const { one, other, slip, ballot, box } = await newBox();
      const tries = voters.flatMap((voter) =>
        Array.from({ length: 8 }, (_, n) => (n % 2 ? one : other).cast(slip(voter, contentOf(n)))),
      );
      const results = await Promise.all(tries);
      expect(results.filter((cast) => typeof cast !== 'string')).toHaveLength(voters.length);
      expect(new Set(results.filter((cast) => typeof cast === 'string'))).toEqual(new Set(['again']));
      const emptied = await one.shut(ballot, box);
      expect(emptied?.ballots).toHaveLength(voters.length);
      expect(emptied?.receipts).toHaveLength(voters.length);
    });

    test('it gives back what was put in, and a receipt for each voter that he or she can ask for again', async () => {
      const { one, other, ballot, box, slip, receipts } = await allVote();
      expect(await Promise.all(voters.map((voter) => other.receiptOf(slip(voter))))).toEqual(receipts);
      expect(await one.receiptOf(slip('nobody'))).toBeUndefined();
      const emptied = await one.shut(ballot, box);
      expect([...(emptied?.ballots ?? [])].sort()).toEqual(voters.map((_, index) => contentOf(index)));
      expect(emptied?.receipts).toEqual([...receipts].sort());
    });

    test('shut, it takes nothing more and gives the same ballots again: what a crash has not counted is counted once', async () => {
      const { one, other, ballot, box, slip } = await allVote();
      const first = await one.shut(ballot, box);
      expect(await other.cast(slip('late'))).toBe('shut');
      expect(await other.shut(ballot, box)).toEqual(first);
    });

    test('a ballot that meets the shutting of the box is in it, or its voter is told that it is not', async () => {
      const { one, other, ballot, box, slip } = await newBox();
      const crowd = Array.from({ length: 40 }, (_, n) => `voter ${n}`);
      const casting = crowd.map((voter) => one.cast(slip(voter)));
      const shutting = other.shut(ballot, box);
      const late = crowd.map((_, n) => other.cast(slip(`late ${n}`)));
      const taken = (await Promise.all([...casting, ...late])).flatMap((cast) =>
        typeof cast === 'string' ? [] : [cast.receipt],
      );
      const emptied = await shutting;
      expect(emptied?.receipts).toEqual(taken.sort());
      expect(emptied?.ballots).toHaveLength(taken.length);
    });

    test('a box that is gone, or another one in its place, takes and gives nothing', async () => {
      const { one, other, ballot, box, slip } = await allVote();
      await one.destroy(ballot);
      await other.destroy(ballot);
      expect(await one.cast(slip('f'))).toBe('lost');
      expect(await one.shut(ballot, box)).toBeUndefined();
      expect(await one.make(ballot)).not.toBe(box);
      expect(await one.cast(slip('f'))).toBe('lost');
      expect(await one.receiptOf(slip(voters[0]))).toBeUndefined();
      expect(await one.shut(ballot, box)).toBeUndefined();
    });

    test('destroyed, it leaves nothing where it lay', async () => {
      const { one, ballot, raw, all } = await allVote();
      const { marks, ballots } = await raw(ballot);
      await one.destroy(ballot);
      const left = await all();
      expect([...marks, ...ballots, ballot].filter((trace) => left.includes(trace))).toEqual([]);
    });

    test('no id, time or hash of a voter lies with a ballot, none of a ballot with a voter', async () => {
      const { raw, all, ballot, box, receipts } = await allVote();
      const { marks, ballots } = await raw(ballot);
      expect([marks.length, ballots.length]).toEqual([voters.length, voters.length]);
      const inMarks = new Set(marks.flatMap((mark) => partsOf(mark, 8)));
      expect(ballots.flatMap((one) => partsOf(one, 8)).filter((part) => inMarks.has(part))).toEqual([]);
      const text = await all();
      const secrets = [...voters, ...receipts, ...voters.map((_, index) => contentOf(index))];
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
      // Neither how long it is tells how it was filled in, nor does the same filling look the same twice.
      expect(new Set(ballots.map((one) => one.length)).size).toBe(1);
      expect(box).not.toBe('');
    });

    test('ballots that are filled in alike look as different as any', async () => {
      const { one, raw, ballot, slip } = await newBox();
      for (const voter of voters) await one.cast(slip(voter, '[0]'));
      const { ballots } = await raw(ballot);
      const first = new Set(partsOf(ballots[0] ?? '', 8));
      expect(
        ballots
          .slice(1)
          .flatMap((each) => partsOf(each, 8))
          .filter((part) => first.has(part)),
      ).toEqual([]);
    });

    test('where a ballot lies and comes out says nothing of when it was cast, nor does where a mark lies', async () => {
      const at = await place();
      const [one] = at.nodes;
      const places = { ballots: new Array<number>(25).fill(0), receipts: new Array<number>(25).fill(0) };
      const count = (table: number[], cast: number, lies: number) => {
        table[cast * 5 + lies] = (table[cast * 5 + lies] ?? 0) + 1;
      };
      for (let run = 0; run < runs; run++) {
        const ballot = newBallot();
        const box = await one.make(ballot);
        const receipts: string[] = [];
        for (const [index, voter] of voters.entries())
          receipts.push(receiptIn(await one.cast({ ballot, box, voter, content: contentOf(index) })));
        const emptied = await one.shut(ballot, box);
        for (const index of voters.keys()) {
          count(places.ballots, index, emptied?.ballots.indexOf(contentOf(index)) ?? -1);
          count(places.receipts, index, emptied?.receipts.indexOf(receipts[index] ?? '') ?? -1);
        }
        await one.destroy(ballot);
      }
      expect(surprise(places.ballots, 16)).toBeLessThan(5);
      expect(surprise(places.receipts, 16)).toBeLessThan(5);
    });
  });
}
