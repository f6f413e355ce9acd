import { isIP } from 'node:net';
import { z } from 'zod';
import type { Bilingual } from '../domain/kernel/refusal.js';
import { rate, setting, whole } from './setting.js';

/** How much, how often and for how long whoever comes to the door may ask: what an attack on it runs into. */

/** An IP address, or a network of them: 10.0.0.0/8. */
function isNetwork(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const bytes: Bilingual = ['bytes', '字节'];
const seconds: Bilingual = ['seconds', '秒'];

/** Of a query. */
export const querySettings = {
  queryDepth: whole(
    'WUJI_QUERY_DEPTH',
    [1, 100],
    12,
    ['Deepest nesting of a query', '查询最大嵌套层数'],
    ['levels', '层'],
  ),
  queryCost: whole(
    'WUJI_QUERY_COST',
    [1, 10_000_000],
    5000,
    ['Highest cost of a query', '查询最大代价'],
    ['points', '点'],
  ),
  queryAliases: whole('WUJI_QUERY_ALIASES', [0, 1000], 15, ['Most aliases in a query', '查询最多别名数']),
  queryTokens: whole('WUJI_QUERY_TOKENS', [1, 100_000], 1000, ['Most tokens in a query', '查询最多词元数']),
};

/** Of whoever comes in. */
export const doorSettings = {
  bodyBytes: whole(
    'WUJI_BODY_BYTES',
    [1024, 104_857_600],
    1_048_576,
    ['Largest body of a request', '请求正文上限'],
    bytes,
  ),
  requestSeconds: whole(
    'WUJI_REQUEST_SECONDS',
    [1, 3600],
    30,
    ['How long a request may take to arrive, headers and body', '请求（含头部与正文）到达的最长时间'],
    seconds,
  ),
  idleSeconds: whole(
    'WUJI_IDLE_SECONDS',
    [1, 3600],
    60,
    [
      'How long a connection may stand still: nothing of its answer is taken, or no next request begun',
      '连接停滞的最长时间：不接收应答，或不发起下一请求',
    ],
    seconds,
  ),
  socketPayloadBytes: whole(
    'WUJI_SOCKET_PAYLOAD_BYTES',
    [1024, 1_048_576],
    65_536,
    ['Largest message from a WebSocket client', 'WebSocket客户端消息上限'],
    bytes,
  ),
  socketMessages: whole(
    'WUJI_SOCKET_MESSAGES',
    [1, 100_000],
    200,
    ['Messages that a WebSocket client may send', 'WebSocket客户端可发送的消息数'],
    ['a second', '每秒'],
  ),
  socketsPerHolder: whole('WUJI_SOCKETS_PER_HOLDER', [1, 100_000], 30, [
    'Most WebSockets and streams of one holder at once',
    '每个职务或岗位同时保持的WebSocket与事件流上限',
  ]),
  socketsPerAddress: whole('WUJI_SOCKETS_PER_ADDRESS', [1, 1_000_000], 2000, [
    'Most WebSockets and streams from one address at once; behind a proxy see WUJI_TRUSTED_PROXIES',
    '每个地址同时保持的WebSocket与事件流上限；经代理时见WUJI_TRUSTED_PROXIES',
  ]),
  rateQueries: rate('WUJI_RATE_QUERIES', 3000, [
    'Queries that one holder, or one address without a token, may send',
    '每个职务或岗位（未登录按地址计）可发送的查询数',
  ]),
  rateMutations: rate('WUJI_RATE_MUTATIONS', 1200, ['Mutations, likewise', '变更操作数，计法同上']),
  rateSubscriptions: rate('WUJI_RATE_SUBSCRIPTIONS', 600, ['Subscriptions begun, likewise', '新建订阅数，计法同上']),
  rateConnections: rate('WUJI_RATE_CONNECTIONS', 300, [
    'Connections and sign-ins, likewise',
    '连接与登录次数，计法同上',
  ]),
  trustedProxies: setting(
    'WUJI_TRUSTED_PROXIES',
    ['IP addresses and networks, separated by commas', 'IP地址或网段，以逗号分隔'],
    z
      .string()
      .max(2_000)
      .transform((text) => text.split(',').map((entry) => entry.trim()))
      .refine((entries) => entries.every(isNetwork))
      .optional(),
    ['Proxies whose X-Forwarded-For is believed; none by default', '可信代理，仅采信其X-Forwarded-For；默认均不采信'],
  ),
  socketOperations: whole('WUJI_SOCKET_OPERATIONS', [1, 10_000], 50, [
    'Most operations at once on one WebSocket',
    '单个WebSocket同时进行的操作数上限',
  ]),
};
