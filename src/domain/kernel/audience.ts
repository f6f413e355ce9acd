import type { AnyAggregate } from './aggregate.js';
import type { Audience } from './event.js';

type AudienceOf<State> = (state: State, id: string) => Audience;
const open = new WeakSet<object>();

/** The audience of a kind of case that everybody may see, in whatever state; `more`: to whom it shows more than that. */
export function everybody<State>(more: AudienceOf<State> = () => ({})): AudienceOf<State> {
  const audience: AudienceOf<State> = (state, id) => ({ public: 'public', ...more(state, id) });
  open.add(audience);
  return audience;
}

/** Whether no case of this kind is hidden from anybody, so that nobody need be asked about one. */
export const isOpen = ({ audience }: AnyAggregate): boolean => open.has(audience);
