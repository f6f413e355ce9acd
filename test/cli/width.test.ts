import { describe, expect, it } from 'vitest';
import { table } from '../../src/cli/table.js';
import { clip, hanging, pad, width, wrap } from '../../src/cli/width.js';

describe('widths on a terminal (Unicode TR11)', () => {
  it.each([
    ['abc', 3],
    ['代表建议', 8],
    ['引号，。', 8],
    ['ᠮᠣᠩᠭᠣᠯ', 6],
    ['e\u0301', 1],
    ['𠮷', 2],
    ['\u001B[31m红\u001B[0m', 2],
  ])('%s takes %i columns', (text, columns) => {
    expect(width(text)).toBe(columns);
  });

  it('cuts no Chinese character in half', () => {
    expect(clip('临河区水利局', 7)).toBe('临河区…');
    expect(clip('临河区水利局', 12)).toBe('临河区水利局');
    expect(pad('临河', 6)).toBe('临河  ');
  });

  it('breaks lines between words, and Chinese text anywhere', () => {
    expect(wrap('the deputies of a county', 10)).toEqual(['the', 'deputies', 'of a', 'county']);
    expect(wrap('处理期限为三个月', 6)).toEqual(['处理期', '限为三', '个月']);
    expect(wrap('', 6)).toEqual(['']);
    expect(wrap('见 People’s Congress 代表法', 12)).toEqual(['见 People’s', 'Congress 代', '表法']);
  });

  it('begin no line with a closing mark and end none with an opening one (GB/T 15834)', () => {
    expect(wrap('请核对编号，或从动态打开。', 10)).toEqual(['请核对编', '号，或从动', '态打开。']);
    expect(wrap('请按《代表法》办理', 6)).toEqual(['请按', '《代表', '法》办', '理']);
  });

  it('hang behind a head, and begin under the text', () => {
    expect(hanging('A  ', 'the deputies of a county and its towns', 23)).toEqual([
      'A  the deputies of a',
      '   county and its towns',
    ]);
  });
});

describe('tables', () => {
  const heads = [{ title: '行号', right: true }, { title: '状态' }, { title: '内容 content' }];

  it('keep their columns under each other, whatever the mix of letters', () => {
    const text = table(
      heads,
      [
        ['2', '新增', '王建国'],
        ['10', 'error', '其其格'],
      ],
      80,
    );
    expect(text.split('\n')).toEqual([
      '行号  状态   内容 content',
      '────  ─────  ────────────',
      '   2  新增   王建国',
      '  10  error  其其格',
    ]);
  });

  it('make the last column no wider than what stands in it', () => {
    const narrow = table([{ title: 'name' }, { title: 'n', right: true }], [['organ', '12']], 80);
    expect(narrow.split('\n')).toEqual(['name    n', '─────  ──', 'organ  12']);
  });

  it('wrap the last column and no other', () => {
    const text = table(heads, [['2', '新增', '巴彦淖尔市临河区人大常委会代表工作委员会']], 30);
    expect(text.split('\n').slice(2)).toEqual([
      '   2  新增  巴彦淖尔市临河区人',
      '            大常委会代表工作委',
      '            员会',
    ]);
    for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(30);
  });
});
