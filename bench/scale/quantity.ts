import type { Scope } from './assumptions.js';
import { assumptions, scopes } from './assumptions.js';
import type { Unit } from './units.js';

/** measured: by this run. assumed: from `assumptions.ts`. derived: calculated from those two. simulated: by the peak hour. */
export const kinds = ['measured', 'assumed', 'derived', 'simulated'] as const;
export type Kind = (typeof kinds)[number];
export type Values = Readonly<Record<Scope, number | undefined>>;

/** A line of the table. */
export type Quantity = {
  readonly quantity: string;
  readonly unit: Unit;
  readonly values: Values;
  readonly limit: string;
  readonly kind: Kind;
  readonly source: string;
};

export type ScopeOf = (typeof assumptions.scopes)[Scope];
/** One number for all, or one for each scope; `undefined`: it could not be measured here, or says nothing there. */
export type Of = number | undefined | ((scope: ScopeOf) => number | undefined);

const of =
  (kind: Kind) =>
  (name: string, unit: Unit, value: Of, source: string, limit = ''): Quantity => {
    const at = (scope: Scope) => (typeof value === 'function' ? value(assumptions.scopes[scope]) : value);
    const values = Object.fromEntries(scopes.map((scope) => [scope, at(scope)])) as Record<Scope, number | undefined>;
    return { quantity: name, unit, values, limit, kind, source };
  };
export const measured = of('measured');
export const assumed = of('assumed');
export const derived = of('derived');
export const simulated = of('simulated');
