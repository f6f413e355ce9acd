import type { AnyAggregate, Ref } from '../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../domain/kernel/event.js';
import { kernelRefusals } from '../domain/kernel/refusals.js';
import type { ViewerClass } from '../domain/kernel/visibility.js';
import type { Context } from './context.js';
import type { Derived } from './derive/derive.js';
import { refused } from './errors.js';
import type { Services } from './services.js';
import { classFor, classForPast } from './visible.js';

/** A case that the viewer can find, by the rights of now. */
export type Present = {
  readonly ref: Ref;
  readonly aggregate: AnyAggregate;
  readonly state: unknown;
  readonly shown: ViewerClass;
  /** In which class an event of it may be seen; `undefined`: not at all. The rule of every door to what has been. */
  readonly classOf: (event: RecordedEvent) => ViewerClass | undefined;
};

/** Refused as unknown when the case is not the viewer's to see. */
export async function presentOf(
  { registry, cases }: Pick<Derived, 'registry' | 'cases'>,
  { loader }: Pick<Services, 'loader'>,
  context: Context,
  caseId: unknown,
): Promise<Present> {
  const found = await cases.find(context, caseId);
  // The log is read for those only who see the case: by how much work it is, nobody learns that it is there.
  if (!found || !classFor(context, found.row.audience)) throw refused(kernelRefusals.NOT_FOUND());
  const ref: Ref = { category: found.category, id: String(caseId) };
  const aggregate = registry.aggregate(ref.category);
  const { state } = await loader.load(ref);
  const shown = state === undefined ? undefined : classFor(context, aggregate.audience(state as never, ref.id));
  if (!shown) throw refused(kernelRefusals.NOT_FOUND());
  return { ref, aggregate, state, shown, classOf: ({ meta }) => classForPast(context, meta.audience, shown) };
}
