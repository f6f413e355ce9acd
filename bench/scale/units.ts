export type Unit = 'count' | 'rate' | 'bytes' | 'byterate' | 'ratio' | 'share' | 'hours' | 'ms';

const three = (value: number): string => {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(value < 0.1 ? 1 : 2)));
};
const scaled = (value: number, names: readonly string[]): string => {
  let i = 0;
  let rest = value;
  for (; rest >= 1_000 && i < names.length - 1; i++) rest /= 1_000;
  return `${three(rest)} ${names[i]}`.trim();
};

/** To two or three figures: more would say what was not measured. Bytes are decimal: 1 MB = 10^6. */
export function say(unit: Unit, value: number | undefined): string {
  if (value === undefined) return '–';
  switch (unit) {
    case 'bytes':
      return scaled(value, ['B', 'kB', 'MB', 'GB', 'TB']);
    case 'byterate':
      return `${scaled(value, ['B', 'kB', 'MB', 'GB'])}/s`;
    case 'rate':
      return `${three(value)}/s`;
    case 'count':
      return value >= 1e6 ? scaled(value, ['', 'k', 'million']) : three(value);
    case 'ratio':
      return three(value);
    case 'share':
      return `${three(value * 100)} %`;
    case 'hours':
      return value < 1 ? `${three(value * 60)} min` : `${three(value)} h`;
    case 'ms':
      return value >= 10_000 ? `${three(value / 1_000)} s` : `${three(value)} ms`;
  }
}
