import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { readCsv } from '../../src/infra/csv.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, littleEndian: boolean) => {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  [...`\uFEFF${text}`].forEach((char, index) => {
    view.setUint16(index * 2, char.charCodeAt(0), littleEndian);
  });
  return bytes;
};
/** 编号,姓名\n1,萨仁 in GBK. */
const gbk = new Uint8Array([
  0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0x31, 0x2c, 0xc8, 0xf8, 0xc8, 0xca,
]);
const read = (bytes: Uint8Array) => {
  const table = readCsv(bytes);
  if (isRefusal(table)) throw new Error(table.refused);
  return table;
};
const refusedAs = (bytes: Uint8Array, limits?: { bytes: number; rows: number }) => {
  const table = limits ? readCsv(bytes, limits) : readCsv(bytes);
  return isRefusal(table) && table.refused;
};
const text = '编号,姓名\n1,萨仁\n';

describe('a file in any encoding that spreadsheet programs write', () => {
  test.each([
    ['UTF-8', utf8(text), 'utf-8'],
    ['UTF-8 with a BOM', utf8(`\uFEFF${text}`), 'utf-8'],
    ['UTF-16 LE', utf16(text, true), 'utf-16le'],
    ['UTF-16 BE', utf16(text, false), 'utf-16be'],
    ['GBK', gbk, 'gb18030'],
  ] as const)('%s', (_, bytes, encoding) => {
    expect(read(bytes)).toEqual({ encoding, headers: ['编号', '姓名'], rows: [{ line: 2, cells: ['1', '萨仁'] }] });
  });

  test('a character of four bytes of GB18030 (a Mongolian letter)', () => {
    const bytes = new Uint8Array([0x61, 0x0a, 0x81, 0x34, 0xe1, 0x30]);
    const expected = new TextDecoder('gb18030').decode(bytes.slice(2));
    expect(read(bytes).rows[0]?.cells).toEqual([expected]);
  });

  test.each([
    ['a workbook (zip)', new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00])],
    ['bytes of no encoding', new Uint8Array([0x61, 0x0a, 0xff, 0xff])],
    ['UTF-16 without a BOM', utf16(text, true).slice(2)],
    ['UTF-8 with a BOM and broken bytes', new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0x0a, 0xc3, 0x28])],
    ['UTF-16 cut in half', utf16(text, true).slice(0, -1)],
    ['zero bytes', utf8('a,b\n1,\0')],
  ])('%s is refused', (_, bytes) => {
    expect(refusedAs(bytes)).toBe('FILE_NOT_TEXT');
  });

  test.each([
    ['no bytes', ''],
    ['blank lines', '\n \r\n'],
    ['a header alone', 'a,b\n'],
    ['a header and empty rows', 'a,b\n,\n , \n'],
  ])('%s is an empty file', (_, content) => {
    expect(refusedAs(utf8(content))).toBe('FILE_EMPTY');
  });

  test('limits of bytes and rows', () => {
    expect(refusedAs(utf8('a\n1\n2\n'), { bytes: 5, rows: 9 })).toBe('FILE_TOO_LARGE');
    expect(refusedAs(utf8('a\n1\n2\n'), { bytes: 99, rows: 1 })).toBe('FILE_TOO_LARGE');
    expect(refusedAs(utf8('a\n1\n2\n'), { bytes: 6, rows: 2 })).toBe(false);
  });
});

describe('rows (RFC 4180)', () => {
  const rows = (content: string) => read(utf8(content)).rows;

  test('quoted commas, quotes and line breaks; the line is where the row begins', () => {
    expect(rows('a,b\r\n1,"x, ""y"""\r\n\r\n2,"over\r\ntwo lines"\r\n3,z')).toEqual([
      { line: 2, cells: ['1', 'x, "y"'] },
      { line: 4, cells: ['2', 'over\ntwo lines'] },
      { line: 6, cells: ['3', 'z'] },
    ]);
  });

  test('tabs and semicolons separate too', () => {
    expect(rows('a\tb\n1\t2,3')).toEqual([{ line: 2, cells: ['1', '2,3'] }]);
    expect(rows('a;b\n1;"2;3"')).toEqual([{ line: 2, cells: ['1', '2;3'] }]);
  });

  test('old line ends', () => {
    expect(rows('a,b\r1,2\r3,4').map((row) => row.cells)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('rows may have more or fewer cells than the header: what that means is told by whoever knows the columns', () => {
    expect(rows('a,b\n1\n1,2,3').map((row) => row.cells.length)).toEqual([1, 3]);
  });

  test.each([
    ['a mark that is never closed', 'a,b\n1,"x\n2,y\n3,z', [2]],
    ['a mark that is closed in a later row', 'a,b\n1,"x\n2,"y"\n3,z', [2]],
    ['a mark that another stray one seems to close', 'a,b,c\n1,"x,0\n2,y",0,0\n3,z,0', [2, 3]],
    ['a mark inside a cell', 'a,b\n1,x"y"\n2,y\n3,z', [2]],
    ['text behind a closing mark', 'a,b\n1,"x"y\n2,y\n3,z', [2]],
  ])('%s breaks its own row only', (_, content, broken) => {
    const all = rows(content);
    expect(all.map((row) => row.line)).toEqual([2, 3, 4]);
    expect(all.filter((row) => row.broken).map((row) => row.line)).toEqual(broken);
  });

  test('a header that cannot be read', () => {
    expect(refusedAs(utf8('"a,b\n1,2'))).toBe('FILE_HEADER_BROKEN');
  });
});

test('a GBK file whose Chinese characters happen to be valid UTF-8 is read as GBK: 水 is CB AE', () => {
  const table = readCsv(Buffer.concat([Buffer.from('code,name\n1,'), Buffer.from([0xcb, 0xae]), Buffer.from('\n')]));
  if (isRefusal(table)) throw new Error(table.refused);
  expect([table.encoding, table.rows[0]?.cells]).toEqual(['gb18030', ['1', '水']]);
});
