/** Of what is remembered only so much stays: what was put first goes first. */
export function forgetOldest<K>(known: Map<K, unknown>, most: number): void {
  for (const oldest of known.keys()) {
    if (known.size <= most) return;
    known.delete(oldest);
  }
}
