import * as zlib from 'node:zlib';

/** CRC-32 as in zlib and PNG. Node has a fast one from 20.15 on; before, the table below does the same, some 2 times slower. */
export const crc32: (bytes: Buffer) => number =
  typeof zlib.crc32 === 'function' ? (bytes) => zlib.crc32(bytes) : (bytes) => crc32ByTable(bytes);

const POLYNOMIAL = 0xedb88320;
const SLICES = 4;

/** One table for each of four bytes that are taken at once. */
const tables = (() => {
  const all = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? POLYNOMIAL ^ (crc >>> 1) : crc >>> 1;
    all[byte] = crc;
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256] ?? 0;
    all[at] = (before >>> 8) ^ (all[before & 0xff] ?? 0);
  }
  return all;
})();

/** What the next four bytes make of a checksum that is under way. */
function next(crc: number, word: number): number {
  const mixed = crc ^ word;
  return (
    (tables[768 + (mixed & 0xff)] ?? 0) ^
    (tables[512 + ((mixed >>> 8) & 0xff)] ?? 0) ^
    (tables[256 + ((mixed >>> 16) & 0xff)] ?? 0) ^
    (tables[mixed >>> 24] ?? 0)
  );
}

export function crc32ByTable(bytes: Buffer): number {
  let crc = -1;
  let at = 0;
  for (const end = bytes.length - (bytes.length % SLICES); at < end; at += SLICES)
    crc = next(crc, bytes.readInt32LE(at));
  for (; at < bytes.length; at++) crc = (tables[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The checksum of what `crc` is of, and four bytes behind it. */
export const crc32AndWord = (crc: number, word: number): number => ~next(~crc, word) >>> 0;

/** The checksum of two pieces, one behind the other, from those of each: zlib's `crc32_combine`. */
export const crc32Joined = (first: number, second: number, lengthOfSecond: number): number =>
  (product(zerosOf(lengthOfSecond), first) ^ second) >>> 0;

/** Of polynomials over GF(2), modulo that of the checksum; the highest bit is x^0. */
function product(a: number, b: number): number {
  let [sum, rest] = [0, b];
  for (let bits = a; bits !== 0; bits <<= 1) {
    if (bits < 0) sum ^= rest;
    rest = (rest >>> 1) ^ (POLYNOMIAL & -(rest & 1));
  }
  return sum;
}

/** x^(2^n). */
const squares = (() => {
  const all = [1 << 30];
  for (let n = 1; n < 32; n++) all.push(product(all[n - 1] ?? 0, all[n - 1] ?? 0));
  return all;
})();

const known = new Int32Array(4096);

/** x^(8 n): what n bytes of zeros make of a checksum. */
function zerosOf(length: number): number {
  const before = known[length];
  if (before) return before;
  let all = 1 << 31;
  for (let left = length, n = 3; left > 0; left = Math.floor(left / 2), n++)
    if (left % 2 === 1) all = product(squares[n % 32] ?? 0, all);
  if (length < known.length) known[length] = all;
  return all;
}
