import { beforeEach, describe, expect, test } from 'vitest';
import type { Revocations, Token } from '../../src/graphql/guard/ports.js';

/** Where revocations are kept, for one test. */
export type RevocationsPlace = {
  /** A node, as it starts. */
  open(): Promise<Revocations>;
  /** Ends what is open. */
  end(): Promise<void>;
};

export const at = (text: string): number => Date.parse(text);
const noon = at('2026-03-02T04:00:00.000Z');
export const nextYear = at('2027-03-02T04:00:00.000Z');
export const tokenOf = (holder: string, more: Partial<Token> = {}): Token => ({
  holder,
  id: undefined,
  issuedAt: undefined,
  ...more,
});

/** Resolves when the node knows that the token is revoked. */
export const knows = (node: Revocations, token: Token): Promise<void> =>
  new Promise((resolve) => {
    const end = node.onRevoked(look);
    function look() {
      if (!node.isRevoked(token)) return;
      end();
      resolve();
    }
    look();
  });

/** The rules that all revocations keep. */
export function revocationsContract(name: string, place: (now: () => number) => Promise<RevocationsPlace>): void {
  describe(`${name} keeps the rules of revocations (issue 3 part 3)`, () => {
    let now: number;
    let kept: RevocationsPlace;
    let node: Revocations;
    beforeEach(async () => {
      now = noon;
      kept = await place(() => now);
      node = await kept.open();
    });
    const restart = async () => {
      await kept.end();
      return kept.open();
    };

    test('one token is revoked by its id, and no other of its holder', async () => {
      await node.revoke({ token: 'j-1', until: nextYear });
      const seen = ['j-1', 'j-2', undefined].map((id) => node.isRevoked(tokenOf('mandate:m', { id })));
      expect(seen).toEqual([true, false, false]);
    });

    test('a holder loses the tokens issued until then and those that do not say when; later ones hold', async () => {
      await node.revoke({ holder: 'post:p', issuedUpTo: noon, until: nextYear });
      const seen = [noon - 1, noon, undefined, noon + 1].map((issuedAt) =>
        node.isRevoked(tokenOf('post:p', { issuedAt, id: 'j' })),
      );
      expect(seen).toEqual([true, true, true, false]);
      expect(node.isRevoked(tokenOf('post:q', { issuedAt: noon }))).toBe(false);
    });

    test('a token whose id reads like a holder is not taken for one', async () => {
      await node.revoke({ token: 'post:p', until: nextYear });
      expect(node.isRevoked(tokenOf('post:p', { issuedAt: noon }))).toBe(false);
    });

    test('a narrower revocation takes nothing back', async () => {
      await node.revoke({ holder: 'post:p', issuedUpTo: noon, until: nextYear });
      await node.revoke({ holder: 'post:p', issuedUpTo: noon - 1_000, until: noon + 1 });
      node = await restart();
      now = noon + 2;
      expect(node.isRevoked(tokenOf('post:p', { issuedAt: noon }))).toBe(true);
    });

    test('listeners are told of what is new, when it is in force already, and not twice', async () => {
      const told: boolean[] = [];
      const end = node.onRevoked(() => told.push(node.isRevoked(tokenOf('m', { id: 'j-1' }))));
      await node.revoke({ token: 'j-1', until: nextYear });
      await node.revoke({ token: 'j-1', until: nextYear });
      end();
      await node.revoke({ token: 'j-2', until: nextYear });
      expect(told).toEqual([true]);
    });

    test('a restart forgets nothing, also of those that were given at the same moment', async () => {
      const ids = Array.from({ length: 20 }, (_, n) => `j-${n}`);
      await Promise.all(ids.map((token) => node.revoke({ token, until: nextYear })));
      node = await restart();
      expect(ids.filter((id) => !node.isRevoked(tokenOf('m', { id })))).toEqual([]);
    });

    test('when all that was revoked has expired, it is forgotten', async () => {
      await node.revoke({ token: 'j-1', until: noon + 1_000 });
      now = noon + 1_000;
      expect(node.isRevoked(tokenOf('m', { id: 'j-1' }))).toBe(false);
      node = await restart();
      now = noon;
      expect(node.isRevoked(tokenOf('m', { id: 'j-1' }))).toBe(false);
    });
  });
}
