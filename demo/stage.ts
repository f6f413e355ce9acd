import type { Wuji } from '../src/main.js';
import type { Api, Receipt } from './api.js';
import { Refused } from './api.js';
import type { Cast, Part } from './cast.js';
import type { DemoClock } from './clock.js';

/** What a chapter of the year plays on. */
export type Stage = {
  readonly cast: Cast;
  /** A new day: what the calendar asks for happens first. */
  on(day: string, headline: string): Promise<void>;
  /** Somebody does something; `id` null begins a case. */
  act(who: Part, action: string, id: string | null, input?: Record<string, unknown>): Promise<Receipt>;
  /** The same, where the answer must be no. */
  refused(
    who: Part,
    action: string,
    id: string | null,
    input: Record<string, unknown> | undefined,
    code: string,
  ): Promise<void>;
  /** Fields of one case as somebody sees it. */
  see<T>(who: Part, category: string, id: string, fields: string): Promise<T>;
};

export function createStage(wuji: Wuji, api: Api, cast: Cast, clock: DemoClock, print: (line: string) => void): Stage {
  return {
    cast,
    async on(day, headline) {
      clock.to(day);
      await wuji.settle();
      print(`\n\x1b[1m${day}  ${headline}\x1b[0m`);
    },
    async act(who, action, id, input) {
      clock.pass(60);
      const receipt = await api.act(who.token, action, id, input);
      await wuji.settle();
      return receipt;
    },
    async refused(who, action, id, input, code) {
      try {
        await api.act(who.token, action, id, input);
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== code) throw error;
        print(`   \x1b[33m✗ ${who.name} ${action}: ${error.code} ${error.reason}\x1b[0m`);
        return;
      }
      throw new Error(`${action} should have been refused with ${code}`);
    },
    async see<T>(who: Part, category: string, id: string, fields: string): Promise<T> {
      const data = await api.ask<Record<string, T | null>>(
        who.token,
        `query ($id: ID!) { ${category}(id: $id) { ${fields} } }`,
        { id },
      );
      const seen = data[category];
      if (!seen) throw new Error(`${who.name} does not see ${category} ${id}`);
      return seen;
    },
  };
}
