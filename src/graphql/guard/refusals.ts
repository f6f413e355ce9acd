import { defineRefusals } from '../../domain/kernel/refusal.js';

export const guardRefusals = defineRefusals({
  RATE_LIMITED: {
    message: ['Too many requests in this minute.', '本分钟内请求过多。'],
    next: ['Wait {retryAfterMs} ms, then send it again.', '请等待{retryAfterMs}毫秒后重新发送。'],
  },
  TOO_MANY_MESSAGES: {
    message: ['More than {most} messages in one second on one connection.', '单个连接一秒内的消息超过{most}条。'],
    next: ['Connect again, and send more slowly.', '请重新连接，并放慢发送。'],
  },
  TOO_MANY_CONNECTIONS: {
    message: ['More than {most} live connections at once.', '同时保持的实时连接超过{most}个。'],
    next: [
      'Close one that is not needed; one connection carries many subscriptions.',
      '请关闭不需要的连接；一个连接可承载多个订阅。',
    ],
  },
  TOO_MANY_VALUES: {
    message: [
      'The variables hold more than {most} values, or are nested deeper than {deepest} levels.',
      '变量的取值超过{most}个，或嵌套超过{deepest}层。',
    ],
    next: ['Send less at a time, in several requests.', '请减少单次提交的内容，分多次提交。'],
  },
  TOO_SLOW: {
    message: ['The request did not arrive in time.', '请求未在规定时间内到达。'],
    next: ['Send it again, on a better line if need be.', '请重新发送；如网络不佳，请更换网络后再试。'],
  },
  HEADERS_TOO_LARGE: {
    message: ['The headers of the request are too large.', '请求头部过大。'],
    next: [
      'Send fewer or shorter ones; a long query goes into the body.',
      '请减少或缩短请求头部；较长的查询请放入正文。',
    ],
  },
  NOT_HTTP: {
    message: ['This is no request of HTTP.', '不是有效的HTTP请求。'],
    next: ['The API speaks HTTP/1.1 at /graphql.', '接口地址为/graphql，使用HTTP/1.1协议。'],
  },
  NO_WEBSOCKET: {
    message: ['This is no beginning of a WebSocket.', '不是有效的WebSocket握手。'],
    next: ['Connect with the protocol graphql-transport-ws.', '请使用graphql-transport-ws协议连接。'],
  },
  FOREIGN_ORIGIN: {
    message: ['A page of another site may not connect.', '不允许其他站点的页面连接。'],
    next: ['Open the page from this host.', '请从本站点打开页面。'],
  },
  TOKEN_REVOKED: {
    message: ['The token has been revoked.', '令牌已被撤销。'],
    next: [
      'Sign in again; if the new token is refused too, ask the operator.',
      '请重新登录；如新令牌仍被拒绝，请联系运维人员。',
    ],
  },
});
