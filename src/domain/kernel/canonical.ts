/**
 * JSON in the one form that RFC 8785 gives it: no spaces, keys in the order of their UTF-16 units, numbers as ECMAScript
 * writes them. Two values have the same text if and only if they are the same JSON.
 *
 * Beyond the RFC, which would stop there: half of a surrogate pair is written as its escape (`\ud83d`), as JSON.stringify
 * does. A log cannot stop at what it holds. Throws `TypeError` for what JSON cannot say.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not JSON`);
  let text = '{';
  // The order of sort() is that of UTF-16 units.
  for (const key of Object.keys(value).sort()) {
    const item: unknown = Reflect.get(value, key);
    // As JSON.stringify: a field that is not set is not there.
    if (item !== undefined) text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${canonical(item)}`;
  }
  return `${text}}`;
}
