import { defineRefusals } from '../../domain/kernel/refusal.js';

export const guardRefusals = defineRefusals({
  RATE_LIMITED: {
    message: ['Too many requests in this minute.', '本分钟内请求过多。'],
    next: ['Wait {retryAfterMs} ms, then send it again.', '请等待{retryAfterMs}毫秒后重新发送。'],
  },
  TOKEN_REVOKED: {
    message: ['The token has been revoked.', '令牌已被撤销。'],
    next: [
      'Sign in again; if the new token is refused too, ask the operator.',
      '请重新登录；如新令牌仍被拒绝，请联系运维人员。',
    ],
  },
});
