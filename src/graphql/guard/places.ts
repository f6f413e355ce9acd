import type { Refusal } from '../../domain/kernel/refusal.js';
import { guardRefusals } from './refusals.js';

/** Who may keep how many live connections open at once, WebSockets and streams together. */
export type Places = {
  /** One more for this caller, or why not. What is returned gives the place back; a second time it does nothing. */
  readonly take: (of: 'holder' | 'address', caller: string) => (() => void) | Refusal;
};

export type MostPlaces = { readonly perHolder: number; readonly perAddress: number };

/** Counted on this node alone: what one node holds open is what it has to bear. */
export function createPlaces({ perHolder, perAddress }: MostPlaces): Places {
  const taken = { holder: new Map<string, number>(), address: new Map<string, number>() };
  const most = { holder: perHolder, address: perAddress };
  return {
    take(of, caller) {
      const counts = taken[of];
      const present = counts.get(caller) ?? 0;
      if (present >= most[of]) return guardRefusals.TOO_MANY_CONNECTIONS({ most: most[of] });
      counts.set(caller, present + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const now = (counts.get(caller) ?? 1) - 1;
        if (now === 0) counts.delete(caller);
        else counts.set(caller, now);
      };
    },
  };
}
