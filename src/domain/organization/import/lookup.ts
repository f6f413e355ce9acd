import type { z } from 'zod';
import type { Ref } from '../../kernel/aggregate.js';
import { idOfKey } from '../../kernel/context.js';
import type { NameId } from '../../kernel/ports.js';
import type { RegionCode } from '../../kernel/region.js';
import { mandate } from '../mandate.js';
import { organ } from '../organ.js';
import { person } from '../person.js';
import type { post } from '../post.js';

type Found<S> = { readonly state: S; readonly revision: number } | undefined;
type State<A extends { state: z.ZodType }> = z.infer<A['state']>;

/** What a preview has to know of the register as it stands. */
export type ImportLookup = {
  /** As `ctx.idFor`. */
  readonly idFor: (category: string, key: string) => string;
  readonly person: (id: string) => Promise<Found<State<typeof person>>>;
  readonly mandate: (id: string) => Promise<Found<State<typeof mandate>>>;
  readonly organ: (id: string) => Promise<Found<State<typeof organ>>>;
  /** All posts that a person has or had. */
  readonly posts: (person: string) => Promise<readonly State<typeof post>[]>;
  /** Whether the one who imports keeps the register of the region. */
  readonly inCharge: (region: RegionCode) => boolean;
};

/** Reads cases through a `Loader`; posts, which are found by person, through the caller's read model. */
export function lookupOver(source: {
  readonly loader: { load(ref: Ref): Promise<{ readonly state: unknown; readonly revision: number }> };
  /** Personal data of a state in clear: names are compared. */
  readonly open: (ref: Ref, state: unknown) => Promise<unknown>;
  readonly nameId: NameId;
  readonly posts: ImportLookup['posts'];
  readonly inCharge: ImportLookup['inCharge'];
}): ImportLookup {
  const read =
    <S extends z.ZodType>(aggregate: { readonly state: S; readonly at: (id: string) => Ref }) =>
    async (id: string): Promise<Found<z.infer<S>>> => {
      const ref = aggregate.at(id);
      const { state, revision } = await source.loader.load(ref);
      return state === undefined
        ? undefined
        : { state: aggregate.state.parse(await source.open(ref, state)), revision };
    };
  return {
    idFor: (category, key) => idOfKey(source.nameId, category, key),
    person: read(person),
    mandate: read(mandate),
    organ: read(organ),
    posts: source.posts,
    inCharge: source.inCharge,
  };
}
