import { defineRefusals } from '../../domain/kernel/refusal.js';

/** What the ledger refuses to sign or prove. */
export const ledgerRefusals = defineRefusals({
  AUDIT_KEY_REPLACED: {
    message: [
      'The key of this server has been replaced: at {time} the key {key} has signed a head after it. Nothing is signed.',
      '本服务的存证密钥已被更换：此后密钥{key}已于{time}签署树头。已停止签署。',
    ],
    next: [
      'The operator gives this node the key file of the others and starts it again. If nobody knows that key, tell the auditors, and make a new one with `wuji audit key`: the present one vouches for it.',
      '请运维人员使本节点与其他节点使用同一密钥文件并重新启动。如无人知晓该密钥，请通知审计人员，并用 `wuji audit key` 生成新密钥，由现有密钥背书。',
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
