import { defineRefusals } from '../kernel/refusal.js';

export const redactionRefusals = defineRefusals({
  REDACTION_NOT_YOURS: {
    message: [
      'Only the deputies’ work office of the case’s own region may hide this, and of a published text the organ that released it.',
      '仅限本级代表工作机构屏蔽；已公开的文本，公开单位也可屏蔽。',
    ],
    next: ['Ask that office to do it.', '请联系该机构办理。'],
  },
  NO_TEXT_TO_REDACT: {
    message: [
      'The case has no text at {field} in revision {revision}.',
      '该事项第{revision}版的“{field}”处没有可屏蔽的文本。',
    ],
    next: [
      'Name the field as `data` and the state name it, with the revision that you see: publication.text, replies.0.text.',
      '请按数据字段名和所见版本填写，例如publication.text、replies.0.text。',
    ],
  },
  PASSAGE_NOT_IN_TEXT: {
    message: [
      'The passage from {from} to {to} does not lie in one plain text at {field}.',
      '“{field}”处的文本没有第{from}至{to}个字符这一段。',
    ],
    next: [
      'Count characters from 0; `to` is the one after the last. Personal text is hidden as a whole.',
      '字符从0起计，to为末字符之后的位置；个人信息字段只能整体屏蔽。',
    ],
  },
});
