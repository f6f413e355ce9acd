/** Three digits that count. */
export function shown(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** How many times better; infinitely so when ours costs nothing. */
export function times(ratio: number | undefined): string {
  if (ratio === undefined) return '–';
  return Number.isFinite(ratio) ? `${shown(ratio)} ×` : '∞';
}
