import { defineRefusals } from '../../domain/kernel/refusal.js';

/** What `wuji audit` says no to. */
export const auditRefusals = defineRefusals({
  NOT_A_CASE_FILE: {
    message: [
      '{path} is not a file of `wuji audit export`: {problem}',
      '{path}不是 `wuji audit export` 的文件：{problem}',
    ],
    next: [
      'If it was one, it has been changed: ask for it again, and keep this one as evidence.',
      '如其原为该类文件，则已被改动：请重新索取，并保留此文件作为证据。',
    ],
  },
  EVENT_NOT_PROVED: {
    message: [
      'NOT PROVED. The first event that fails: revision {revision} ({event}): {reason}.',
      '证明不成立。首个不符的事件：版本{revision}（{event}）：{zhReason}。',
    ],
    next: [
      'Keep the file as evidence, and ask for a new export; if that fails too, the log itself was changed.',
      '请保留文件作为证据并重新索取导出；若仍不符，则日志本身已被改动。',
    ],
  },
  CASE_FILE_NOT_SIGNED: {
    message: ['NOT PROVED. The signature of the {part} does not hold.', '证明不成立。{zhPart}的签名无效。'],
    next: [
      'The events agree with each other, but nobody has vouched for them, or events at the end were left out.',
      '各事件相互一致，但无人为其背书，或末尾的事件已被删去。',
    ],
  },
  PAGE_CHANGED: {
    message: [
      'NOT PROVED. The events hold, but the page that people read is not what they say.',
      '证明不成立。事件本身成立，但供人阅读的页面与事件不符。',
    ],
    next: ['Do not rely on what the page shows. Ask for a new export.', '请勿采信页面内容，并重新索取导出。'],
  },
  UNKNOWN_AUDIT_KEY: {
    message: ['The file is signed by the key {key}, not by {expected}.', '文件由密钥{key}签署，不是{expected}。'],
    next: [
      'Compare with the fingerprint that the operator has published; after a rotation a new one was published.',
      '请与运维人员公布的指纹核对；密钥轮换后会公布新的指纹。',
    ],
  },
  HEAD_NOT_CONSISTENT: {
    message: [
      'THE LOG WAS CHANGED. Its head of {size} events is not consistent with the head of {lastSize} events, signed at {time}, that was witnessed before ({reason}).',
      '日志已被更改。现有{size}个事件的树头，与此前见证的{time}签署的{lastSize}个事件的树头不一致（{zhReason}）。',
    ],
    next: [
      'Nothing was witnessed. Keep the file of heads; it is the evidence. Tell all auditors.',
      '未作见证。请保留树头文件作为证据，并通知全体审计人员。',
    ],
  },
  WITNESS_FAILED: {
    message: [
      'The head could not be given to the witness {where} ({reason}).',
      '未能将树头交给见证方{where}（{reason}）。',
    ],
    next: ['Check the address or file, then run the command again.', '请核对地址或文件后重新执行。'],
  },
  WITNESS_NEEDED: {
    message: ['There is nobody to witness the head.', '未指定见证方。'],
    next: ['Give --file, --url or both.', '请用 --file、--url 或两者指定。'],
  },
});
