import type { Figure } from './bench.js';
import { shown } from './shown.js';

/** What is to be reached, in words; empty when nothing is. */
export function reachOf({ reach, unit }: Pick<Figure, 'reach' | 'unit'>): string {
  const { vsPeer, vsLimit, atLeast, atMost } = reach ?? {};
  return [
    ...(vsPeer === undefined ? [] : [`≥ ${ratio(vsPeer)} peer`]),
    ...(vsLimit === undefined ? [] : [`≥ ${ratio(vsLimit)} limit`]),
    ...(atLeast === undefined ? [] : [`≥ ${shown(atLeast)} ${unit}`]),
    ...(atMost === undefined ? [] : [`≤ ${shown(atMost)} ${unit}`]),
  ].join(', ');
}

/** What of it is not reached, in words; empty when all is. A peer that is not installed here shows nothing: not reached. */
export function shortOf({ reach, vsPeer, vsLimit, ours, unit }: Figure): readonly string[] {
  const { vsPeer: ofPeer = 0, vsLimit: ofLimit = 0, atLeast = 0, atMost = Number.POSITIVE_INFINITY } = reach ?? {};
  const times = (value: number | undefined) => (value === undefined ? 'nothing' : ratio(value));
  return [
    ...(ofPeer === 0 || (vsPeer ?? 0) >= ofPeer ? [] : [`${times(vsPeer)} peer instead of ${ratio(ofPeer)}`]),
    ...(ofLimit === 0 || (vsLimit ?? 0) >= ofLimit ? [] : [`${times(vsLimit)} limit instead of ${ratio(ofLimit)}`]),
    ...(ours >= atLeast ? [] : [`${shown(ours)} ${unit} instead of ${shown(atLeast)}`]),
    ...(ours <= atMost ? [] : [`${shown(ours)} ${unit} instead of at most ${shown(atMost)}`]),
  ];
}

const ratio = (value: number): string => `${Number(value.toPrecision(3))} ×`;
