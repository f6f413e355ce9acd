import type { NewEvent, Ref } from './aggregate.js';
import { holdsPersonal, isSealed, personalIn, replacePersonal } from './personal.js';
import type { NameId } from './ports.js';
import type { Refusal } from './refusal.js';
import { kernelRefusals } from './refusals.js';
import type { Registry } from './registry.js';
import type { Seals } from './seal-ports.js';

type Deps = { readonly registry: Registry; readonly nameId: NameId; readonly seals?: Seals | undefined };

/** The id of the event that is the `index`th of its command. */
export const eventIdOf = (nameId: NameId, naming: string, index: number): string => nameId(naming, String(index));

/**
 * New facts with their personal data sealed, each value for the event and the field in which it will stand. What is
 * sealed already stays as it is. Nothing that comes after this in the way of an event holds personal data in clear.
 */
export async function sealFacts(
  { registry, nameId, seals }: Deps,
  ref: Ref,
  naming: string,
  decided: readonly NewEvent[],
): Promise<readonly NewEvent[] | Refusal> {
  const events = registry.aggregate(ref.category).events;
  const out: NewEvent[] = [];
  for (const [index, fact] of decided.entries()) {
    const schema = events[fact.type]?.schema;
    if (!schema || !holdsPersonal(schema)) {
      out.push(fact);
      continue;
    }
    const sealed = new Map<string, unknown>();
    for (const { value, path, subject, category } of personalIn(schema, fact.data, ref.id)) {
      if (isSealed(value)) continue;
      if (!seals) throw new Error(`${fact.type}: personal data is recorded only where there are keys to seal it`);
      const made = await seals.seal({ subject, category }, `${eventIdOf(nameId, naming, index)} ${path}`, value);
      if (made === 'ERASED') return kernelRefusals.PERSONAL_DATA_ERASED();
      sealed.set(path, made);
    }
    const data = replacePersonal(schema, fact.data, ref.id, ({ path, value }) => sealed.get(path) ?? value);
    out.push({ ...fact, data } as NewEvent);
  }
  return out;
}

/** The state as a decision may look at it: in clear, but for what is erased. It must not be kept. */
export async function openState(
  { registry, seals }: Pick<Deps, 'registry' | 'seals'>,
  ref: Ref,
  state: unknown,
): Promise<unknown> {
  const schema = registry.aggregate(ref.category).state;
  if (state === undefined || !seals || !holdsPersonal(schema)) return state;
  const texts = new Map<string, string>();
  for (const { value, path } of personalIn(schema, state, ref.id)) {
    const opened = isSealed(value) ? await seals.open(value) : { text: value };
    if (opened !== 'ERASED') texts.set(path, opened.text);
  }
  return replacePersonal(schema, state, ref.id, ({ path, value }) => texts.get(path) ?? value);
}
