/**
 * How far `seen` is from every cell being as likely, in standard deviations of what chance does (Wilson and Hilferty's
 * approximation of chi-square). `freedom`: cells that are free to vary. Chance comes beyond 5 once in three million runs.
 */
export function surprise(seen: readonly number[], freedom = seen.length - 1): number {
  const expected = seen.reduce((sum, n) => sum + n, 0) / seen.length;
  const chi = seen.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(chi / freedom) - (1 - spread)) / Math.sqrt(spread);
}
