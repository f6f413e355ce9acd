import type { Official } from '../../domain/kernel/actor.js';
import type { NameId } from '../../domain/kernel/ports.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import { refused } from '../errors.js';

const mostKept = 1_000;

export type Remember = (official: Official, commandId: unknown, asked: object) => 'new' | 'repeated';

/**
 * Which commands were given: those of an operator are no events of a case, so the log does not know them again. The
 * newest of them, until the server ends; what they do can be done twice without harm.
 */
export function rememberCommands(services: () => { readonly nameId: NameId }): Remember {
  const known = new Map<string, string>();
  return ({ person }, commandId, asked) => {
    if (typeof commandId !== 'string') return 'new';
    const { nameId } = services();
    const [key, digest] = [nameId(person, commandId), nameId(person, JSON.stringify(asked))];
    const before = known.get(key);
    if (before !== undefined && before !== digest) throw refused(kernelRefusals.COMMAND_REUSED());
    if (before !== undefined) return 'repeated';
    known.set(key, digest);
    const [oldest] = known.keys();
    if (known.size > mostKept && oldest !== undefined) known.delete(oldest);
    return 'new';
  };
}
