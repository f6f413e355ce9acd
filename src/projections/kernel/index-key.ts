/**
 * Tuples as strings whose order is the tuples' order, so that any store that keeps strings sorted by their UTF-8 bytes
 * can serve an index. null < false < true < numbers < strings; a shorter tuple comes before its continuations.
 * Each element is a letter for its type, its value, and a space; no character below the space is ever written.
 */
export type IndexValue = string | number | boolean | null;
export type IndexTuple = readonly IndexValue[];

/** Text is ordered by its first characters, because stores limit the length of a key. */
export const longestText = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const escaped = /[\u0000-!]/g;
const escapedPair = /!(.)/gs;
const shift = 0x22;
/** Nothing to escape, and no surrogates: what nearly every text is. */
const plain = /^["-\uD7FF\uE000-\uFFFF]{0,100}$/;

function textKey(value: string): string {
  if (plain.test(value)) return `E${value} `;
  let text = value;
  if (text.length > longestText) text = text.slice(0, longestText);
  // A lone surrogate has no UTF-8 form; cutting can leave one, too.
  if (/[\uD800-\uDFFF]/.test(text)) text = text.replace(/\p{Surrogate}/gu, '\uFFFD');
  return `E${text.replace(escaped, (c) => `!${String.fromCharCode(c.charCodeAt(0) + shift)}`)} `;
}

const bits = new DataView(new ArrayBuffer(8));
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
function numberKey(value: number): string {
  if (Number.isNaN(value)) throw new RangeError('an index cannot order NaN');
  bits.setFloat64(0, value === 0 ? 0 : value);
  const [high, low] = [bits.getUint32(0), bits.getUint32(4)];
  return high >>> 31 ? `D${hex(~high)}${hex(~low)} ` : `D${hex(high | 0x8000_0000)}${hex(low)} `;
}

function numberOf(hex: string): number {
  const ordered = BigInt(`0x${hex}`);
  bits.setBigUint64(0, ordered >> 63n ? ordered ^ (1n << 63n) : ~ordered & 0xffff_ffff_ffff_ffffn);
  return bits.getFloat64(0);
}

export function encodeTuple(tuple: IndexTuple): string {
  let key = '';
  for (const value of tuple) {
    if (typeof value === 'string') key += textKey(value);
    else if (typeof value === 'number') key += numberKey(value);
    else key += value === null ? 'A ' : value ? 'C ' : 'B ';
  }
  return key;
}

function decodeElement(element: string): IndexValue {
  const value = element.slice(1);
  switch (element[0]) {
    case 'A':
      return null;
    case 'B':
      return false;
    case 'C':
      return true;
    case 'D':
      return numberOf(value);
    case 'E':
      return value.replace(escapedPair, (_, c: string) => String.fromCharCode(c.charCodeAt(0) - shift));
    default:
      throw new RangeError(`not an index key: ${element}`);
  }
}

export const decodeTuple = (key: string): IndexValue[] => key.split(' ').slice(0, -1).map(decodeElement);

/** The entry of a row in an index: the tuple, then the row's key, which also keeps entries of equal tuples apart. */
export const entryOf = (tuple: IndexTuple, rowKey: string): string => encodeTuple(tuple) + rowEndOf(rowKey);

/** The last part of all entries of a row. */
export function rowEndOf(rowKey: string): string {
  if (rowKey.length > longestText) throw new RangeError(`row key longer than ${longestText} characters: ${rowKey}`);
  return textKey(rowKey);
}

/** The row that an entry points to. */
export const rowKeyOf = (entry: string): string =>
  String(decodeElement(entry.slice(entry.lastIndexOf(' ', entry.length - 2) + 1, -1)));

/** Where all keys that begin with `prefix` have ended: above every letter of a type. */
const endOf = (prefix: string): string => `${prefix}~`;

const longestCursor = 600;

/** Keys from `from` (inclusive) up to `to` (exclusive). */
export type KeyRange = { readonly from: string; readonly to: string };

/**
 * The part of an index whose tuples begin with `prefix`; next element not below `from`, not above `through` (both
 * inclusive); and, when a page continues, only what comes after the entry `after` in the direction of reading.
 * Throws `RangeError` for an `after` that is no entry of this prefix.
 */
export function rangeOf(options: {
  readonly prefix?: IndexTuple;
  readonly from?: IndexValue | undefined;
  readonly through?: IndexValue | undefined;
  readonly after?: string | undefined;
  readonly reverse?: boolean | undefined;
}): KeyRange {
  const prefix = encodeTuple(options.prefix ?? []);
  let from = options.from === undefined ? prefix : prefix + encodeTuple([options.from]);
  let to = endOf(options.through === undefined ? prefix : prefix + encodeTuple([options.through]));
  if (options.after !== undefined) {
    // A cursor comes from a client: it may move within the prefix, which is what the client may see, and not beyond.
    if (!options.after.startsWith(prefix) || options.after.length > longestCursor)
      throw new RangeError('not a cursor of this list');
    if (options.reverse) to = options.after;
    else from = `${options.after} `;
  }
  return { from, to };
}
