import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { day, listOf, oneOf, ref, storedText } from '../../../src/domain/kernel/fields.js';
import { hideTexts, mask, masked } from '../../../src/domain/kernel/hidden.js';
import { personal } from '../../../src/domain/kernel/personal.js';
import { seesPath, textsAt } from '../../../src/domain/kernel/texts.js';
import { facts } from '../../../src/domain/kernel/visibility.js';

const words = storedText(['Words.', '文字']);
const reply = facts({ participant: { text: words, on: day(['On.', '日期']) } });
const schema = facts({
  public: {
    status: oneOf(['OPEN', 'CLOSED'], ['Status.', '状态']),
    title: words,
    name: personal(words, 'IDENTITY', 'case'),
  },
  participant: { organ: ref('organ', ['Organ.', '机关']), replies: listOf(reply, 9, ['Replies.', '答复']) },
  internal: { tags: z.array(words) },
});
const sealed = { sealed: 'abc', subject: '11111111-1111-4111-8111-111111111111', category: 'IDENTITY', at: 'e name' };
const value = {
  status: 'OPEN',
  title: 'OPEN',
  name: sealed,
  organ: '22222222-2222-4222-8222-222222222222',
  replies: [{ text: '同意。详见附件', on: '2026-03-02' }],
  tags: ['t'],
};

describe('what a redaction hides (issue 5 part 5)', () => {
  it('a text that is hidden is null, in one that says it the passage is masked, and nothing else is touched', () => {
    expect(hideTexts(schema, value, ['OPEN', '详见附件'])).toEqual({
      ...value,
      title: null,
      replies: [{ text: `同意。${mask}`, on: '2026-03-02' }],
    });
  });

  it('a sealed text is known by its ciphertext', () => {
    expect(hideTexts(schema, value, ['abc'])).toEqual({ ...value, name: null });
  });

  it('as long as nobody knows what is hidden, no text is shown', () => {
    const none = { ...value, title: null, name: null, replies: [{ text: null, on: '2026-03-02' }], tags: [null] };
    expect(hideTexts(schema, value, 'all')).toEqual(none);
  });

  it('passages that overlap leave nothing between them', () => {
    expect(masked('abcdef', ['abcd', 'cdef'])).toBe(mask);
    expect(masked('xabxabx', ['ab', 'xabx'])).toBe(mask);
    expect(masked('aaa-b', ['aa'])).toBe(`${mask}-b`);
  });

  it('no hidden passage is left in any text, and what is not in one is (property)', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '水', '𠮷'), maxLength: 30 });
    const some = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '水', '𠮷'), minLength: 1, maxLength: 4 }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(text, some, (whole, hidden) => {
        const shown = masked(whole, hidden);
        for (const one of hidden) expect(shown.includes(one)).toBe(false);
        if (!hidden.some((one) => whole.includes(one))) expect(shown).toBe(whole);
        // What is shown stands in the original in this order.
        let at = 0;
        for (const part of shown.split(mask)) {
          at = whole.indexOf(part, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += part.length;
        }
      }),
    );
  });
});

describe('where texts stand', () => {
  it('a path names one text, or all below it; ids, days and words of lists are no texts', () => {
    expect(textsAt(schema, value, 'replies.0.text')).toEqual([{ path: 'replies.0.text', text: '同意。详见附件' }]);
    expect(textsAt(schema, value, 'replies')).toHaveLength(1);
    for (const path of ['status', 'organ', 'replies.0.on', 'replies.1', 'repl'])
      expect(textsAt(schema, value, path)).toEqual([]);
  });

  it('a class sees a path when it reaches every field on the way', () => {
    expect(seesPath(schema, 'title', 'public')).toBe(true);
    expect(seesPath(schema, 'replies.0.text', 'follower')).toBe(false);
    expect(seesPath(schema, 'replies.0.text', 'participant')).toBe(true);
    for (const path of ['tags', 'tags.0', 'nothing', 'title.more'])
      expect(seesPath(schema, path, 'office')).toBe(false);
  });
});
