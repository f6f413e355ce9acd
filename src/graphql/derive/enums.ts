import { registerEnumType } from 'type-graphql';
import { organKinds, postRoles } from '../../domain/kernel/actor.js';
import { clockState, limitUnits, warningMarks } from '../../domain/kernel/clock.js';
import { levels } from '../../domain/kernel/region.js';
import { visibilities } from '../../domain/kernel/visibility.js';
import type { Names } from './names.js';

/** Lists of words that belong to the whole house. Every other one is named by whoever uses it first. */
const shared: Readonly<Record<string, readonly string[]>> = {
  ClockStatus: clockState.shape.status.options,
  Level: levels,
  OrganKind: organKinds,
  PostRole: postRoles,
  TimeUnit: limitUnits,
  WarningMark: warningMarks,
  ViewerClass: visibilities.filter((one) => one !== 'internal'),
};

export type EnumOf = (values: readonly string[], name: string, description: string | undefined) => object | undefined;

/** One enum for each list of words, wherever it is used. `undefined`: the words are no GraphQL names. */
export function enumsWith(names: Names): EnumOf {
  const made = new Map<string, object>();

  function register(values: readonly string[], name: string, description: string | undefined): object {
    const of = Object.fromEntries(values.map((value) => [value, value]));
    registerEnumType(of, { name: names.claim(name, 'Value'), ...(description && { description }) });
    made.set(values.join(' '), of);
    return of;
  }
  for (const [name, values] of Object.entries(shared)) register(values, name, undefined);

  return (values, name, description) => {
    if (!values.every((value) => /^[_A-Za-z]\w*$/.test(value))) return undefined;
    return made.get(values.join(' ')) ?? register(values, name, description);
  };
}
