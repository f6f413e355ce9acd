import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkInput } from '../../src/cli/input-check.js';
import { ref, text } from '../../src/domain/kernel/fields.js';

const schema = z.object({
  title: text(20, ['Title.', '标题']),
  note: text(20, ['Note.', '说明']).nullish(),
  parts: z.array(z.object({ issue: ref('issue', ['Which.', '何问题']), note: text(9, ['Note.', '说明']) })).nullish(),
});
const missing = ['missing', '缺少'];

describe('an input before it is sent', () => {
  it('names each missing field, its form and its meaning, also inside lists, and shows where it goes', () => {
    const { details, completed } = checkInput(schema, { parts: [{ note: 'a' }] });
    expect(details).toEqual([
      { at: 'title', text: [missing, ['text', '文本'], ['Title', '标题']] },
      { at: 'parts[0].issue', text: [missing, ['id of an issue', '监督发现问题编号'], ['Which', '何问题']] },
    ]);
    expect(completed).toEqual({ title: '…', parts: [{ issue: '…', note: 'a' }] });
  });

  it('names a field that the action does not have, also when it has none at all', () => {
    expect(checkInput(schema, { title: 'a', titel: 'b' }).details).toEqual([
      { at: 'titel', text: [['there is no such field', '没有此字段']] },
    ]);
    expect(checkInput(z.object({}), { reason: 'x' }).details).toHaveLength(1);
  });

  it('leaves the values to the server, and what may be left out', () => {
    expect(checkInput(schema, { title: 5, note: null }).details).toEqual([]);
  });

  it('takes what is no object for one without fields', () => {
    expect(checkInput(schema, ['a']).details.map(({ at }) => at)).toEqual(['title']);
  });
});
