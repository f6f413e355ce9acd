/**
 * JSON in the one form that RFC 8785 gives it: no spaces, keys in the order of their UTF-16 units, numbers as ECMAScript
 * writes them. Two values have the same text if and only if they are the same JSON.
 *
 * Beyond the RFC, which would stop there: half of a surrogate pair is written as its escape (`\ud83d`), as JSON.stringify
 * does. A log cannot stop at what it holds. Throws `TypeError` for what JSON cannot say, and for what JSON.stringify would
 * ask for another value in its place (a `Date`): a log would hold that other value.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
    return String(value);
  }
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not JSON`);
  if ('toJSON' in value && typeof value.toJSON === 'function') throw new TypeError('an object with toJSON is not JSON');
  return Array.isArray(value) ? listOf(value) : objectOf(value);
}

function listOf(items: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < items.length; index++) text += (index > 0 ? ',' : '') + canonical(items[index]);
  return `${text}]`;
}

function objectOf(value: object): string {
  let [text, between] = ['{', ''];
  for (const key of inOrder(Object.keys(value))) {
    const item: unknown = Reflect.get(value, key);
    // As JSON.stringify: a field that is not set is not there.
    if (item === undefined) continue;
    text += `${between}${quoted(key)}:${canonical(item)}`;
    between = ',';
  }
  return `${text}}`;
}

/** All that must be escaped is outside of these, and some that need not be (whole surrogate pairs). */
const special = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;
const quoted = (text: string): string => (special.test(text) ? JSON.stringify(text) : `"${text}"`);

/** By UTF-16 units, in place. Few keys, and often in order: half of the time that sort() takes. */
function inOrder(keys: string[]): string[] {
  if (keys.length > 12) return keys.sort();
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index] ?? '';
    let at = index;
    for (let before = keys[at - 1]; before !== undefined && before > key; before = keys[at - 1]) keys[at--] = before;
    keys[at] = key;
  }
  return keys;
}
