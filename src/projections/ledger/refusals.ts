import { defineRefusals } from '../../domain/kernel/refusal.js';

/** What the ledger refuses to sign or prove. */
export const ledgerRefusals = defineRefusals({
  AUDIT_KEY_NEEDED: {
    message: ['This server has no key to sign proofs with.', '本服务没有用于签署存证的密钥。'],
    next: [
      'The operator makes one with `wuji audit key` and starts the server again.',
      '请运维人员用 `wuji audit key` 生成密钥后重新启动服务。',
    ],
  },
  LEDGER_NOT_READY: {
    message: ['The ledger has not come to the end of the log yet.', '存证账本尚未追上日志。'],
    next: ['Try again shortly; `wuji audit head` shows how far it is.', '请稍后重试；进度见 `wuji audit head`。'],
  },
  LOG_FORKED: {
    message: [
      'The log is NOT the one whose head of {size} events was signed at {time}: events were changed, left out or put in another order. Nothing is signed.',
      '日志与{time}签署的{size}个事件的树头不一致：事件被更改、删除或调换了次序。已停止签署。',
    ],
    next: [
      'Keep the data folder as it is, tell the auditors, and restore the log from a backup that agrees with that head.',
      '请原样保留数据目录并通知审计人员，再从与该树头一致的备份恢复日志。',
    ],
  },
  NO_SUCH_TREE: {
    message: [
      'The log has {size} events: there is no tree of {asked}.',
      '日志现有{size}个事件，没有{asked}个事件的树。',
    ],
    next: ['Give two sizes of heads, the earlier one first.', '请提供两个树头的事件数，先小后大。'],
  },
});
