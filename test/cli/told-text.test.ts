import { describe, expect, it } from 'vitest';
import type { Told } from '../../src/cli/failure.js';
import { toldText } from '../../src/cli/told-text.js';
import { width } from '../../src/cli/width.js';

const told: Told = {
  code: 'CASE_FULL',
  en: 'The case has as many members as it can have, which are those that were invited before.',
  zh: '该事项的成员已达上限，包括此前已邀请而尚未答复的全部成员，不能再邀请其他成员参加。',
  next: { en: 'Remove a member first.', zh: '请先移除成员。' },
  details: [
    {
      at: 'members',
      text: [
        ['too many', '过多'],
        ['id of a mandate', '代表职务编号'],
      ],
    },
  ],
  command: `wuji do inviteInspectionMembers '{"mandates":["…"]}' --id 7d3c0f2e-5b0e-5c1e-9a55-0d2f6c1b9a10`,
};

describe('a refusal on a terminal', () => {
  it('hangs under its own beginning, in lines that fit', () => {
    const narrow = toldText('both', told, 50).split('\n');
    expect(narrow).toEqual([
      'CASE_FULL',
      '  该事项的成员已达上限，包括此前已邀请而尚未答复的',
      '  全部成员，不能再邀请其他成员参加。',
      '  The case has as many members as it can have,',
      '  which are those that were invited before.',
      '  - members  过多 too many · 代表职务编号 id of a',
      '             mandate',
      '  → 请先移除成员。',
      '  → Remove a member first.',
      `  ${told.command}`,
    ]);
    const wide = toldText('en', told, 70).split('\n');
    expect(wide.slice(0, 3)).toEqual([
      'CASE_FULL  The case has as many members as it can have, which are',
      '           those that were invited before.',
      '           - members  too many · id of a mandate',
    ]);
    for (const line of narrow.slice(0, -1)) expect(width(line)).toBeLessThanOrEqual(50);
  });

  it('is not broken where it goes to a file', () => {
    expect(toldText('en', told, Number.POSITIVE_INFINITY).split('\n')[0]).toBe(`CASE_FULL  ${told.en}`);
  });
});
