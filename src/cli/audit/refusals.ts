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
  NOT_HEADS: {
    message: ['{path} is no file of tree heads: {problem}.', '{path}不是树头文件：{problem}。'],
    next: [
      'Name a file of `wuji audit witness`, or `audit/heads.jsonl` of a server. If it was one, it has been changed: keep it as evidence.',
      '请提供 `wuji audit witness` 的文件，或服务器的audit/heads.jsonl。如其原为该类文件，则已被改动，请保留作为证据。',
    ],
  },
  NO_HEADS_OF_LOG: {
    message: ['{path} has no head of this log ({log}).', '{path}中没有此日志（{log}）的树头。'],
    next: [
      'Heads hold for the log that they name. A copy (`wuji log copy`) is a new log: check the one it was made from.',
      '树头只对其所写明的日志有效。副本（`wuji log copy`）是新的日志，请核对其来源日志。',
    ],
  },
  HEADS_DISAGREE: {
    message: [
      'The heads do not hold by themselves: that of {size} events, signed at {time}: {reason}.',
      '树头本身不成立：{time}签署的{size}个事件的树头：{zhReason}。',
    ],
    next: [
      'Compare with the heads of other witnesses. After a renewal of the key, give what `wuji audit keys` prints with --keys.',
      '请与其他见证人的树头核对。密钥更换后，请用 --keys 提供 `wuji audit keys` 的输出。',
    ],
  },
  EVENT_NOT_LINKED: {
    message: [
      'THE LOG WAS CHANGED. The first event that does not agree: number {number}, {stream} revision {revision} ({type}, {event}): {reason}.',
      '日志已被更改。首个不符的事件：第{number}个，{stream}版本{revision}（{type}，{event}）：{zhReason}。',
    ],
    next: [
      'Keep the log as it is, and compare with a backup. It or the event before it in its stream was changed.',
      '请原样保留日志，并与备份核对。该事件或同一流中的前一事件已被改动。',
    ],
  },
  LOG_NOT_AS_SIGNED: {
    message: [
      'THE LOG WAS CHANGED. The first head that does not agree: that of {size} events, signed at {time}. Events 1 to {agreed} are as they were signed; something from event {first} to event {size} is not.',
      '日志已被更改。首个不符的树头：{time}签署的{size}个事件的树头。第1至{agreed}个事件与所签署的一致；第{first}至{size}个事件中有不符。',
    ],
    next: [
      'Keep the log as it is, and compare these events with a backup. With more heads the place is narrower.',
      '请原样保留日志，并将这些事件与备份核对。树头越密，范围越小。',
    ],
  },
  LOG_CUT: {
    message: [
      'THE LOG WAS CUT. It has {events} events; the head signed at {time} has {size}.',
      '日志已被截短。现有{events}个事件，而{time}签署的树头有{size}个。',
    ],
    next: [
      'Keep the log as it is, and restore from a backup that has these events.',
      '请原样保留日志，并从含有这些事件的备份恢复。',
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
