import { defineRefusals } from '../../domain/kernel/refusal.js';

/** What operators and registrars are refused, besides what the domain refuses. */
export const adminRefusals = defineRefusals({
  NO_SUCH_PROJECTION: {
    message: ['There is no read model {name}. There are: {names}.', '没有读模型{name}。现有：{names}。'],
    next: ['Take one of these names.', '请使用上述名称之一。'],
  },
  REVOCATION_OVER: {
    message: ['All that this would revoke has expired already.', '拟撤销的令牌均已过期。'],
    next: ['Give a later `until`, or leave it out.', '请指定更晚的until，或不填。'],
  },
  REVOCATION_NOT_KEPT: {
    message: [
      'It is in force on this node, but could not be stored or told to the others.',
      '撤销已在本节点生效，但未能保存或通知其他节点。',
    ],
    next: [
      'Send it again until it is accepted; the operator’s log says what is wrong.',
      '请重复提交直至成功；原因见运维日志。',
    ],
  },
  NOT_ISSUED_YET: {
    message: ['`issuedBefore` lies in the future.', 'issuedBefore不能是将来的时刻。'],
    next: ['Leave it out: then all tokens issued until now are revoked.', '不填即撤销至今签发的全部令牌。'],
  },
  ONE_HOLDER: {
    message: ['Give either a mandate or a post.', '代表职务与岗位须且只能指定其一。'],
    next: ['Name one of the two and send it again.', '请指定其一后重新提交。'],
  },
  NOT_BASE64: {
    message: ['The content of the file is not base64.', '文件内容不是base64编码。'],
    next: [
      'Send the bytes of the file in base64; `wuji import` does.',
      '请以base64发送文件内容，`wuji import` 会自动处理。',
    ],
  },
});
