import { type Bilingual, filled } from '../../domain/kernel/refusal.js';
import { ReadsUnavailable } from '../../projections/kernel/ports.js';

/** Each with what to do next. `{server}` stands for host and port, without user and password. */
const TEXTS = {
  unreachable: [
    'Redis at {server} does not answer. Check the server and the network; work goes on by itself when it does.',
    'Redis（{server}）无响应。请检查服务与网络，恢复后会自动继续。',
  ],
  loading: [
    'Redis at {server} is still loading its data after a start. Wait: work goes on by itself when it is done.',
    'Redis（{server}）刚启动，仍在加载数据。请稍候，完成后会自动继续。',
  ],
  readonly: [
    'Redis at {server} is a replica and takes no writes. Let REDIS_URL name the primary, or finish the failover; work then goes on by itself.',
    'Redis（{server}）是只读副本，不接受写入。请将REDIS_URL指向主节点，或完成主从切换，之后会自动继续。',
  ],
  auth: [
    'Redis at {server} refuses the user of REDIS_URL. Correct user and password, or give that user the rights it needs.',
    'Redis（{server}）拒绝了REDIS_URL中的用户。请更正用户名和密码，或授予所需权限。',
  ],
  out_of_memory: [
    'Redis at {server} is out of memory and takes no writes. Raise its maxmemory or free some; work then goes on by itself.',
    'Redis（{server}）内存已满，不接受写入。请调大maxmemory或释放内存，之后会自动继续。',
  ],
  failed: [
    'Redis at {server} failed. Look into its log; work goes on by itself when it answers.',
    'Redis（{server}）出错。请查看其日志，恢复后会自动继续。',
  ],
  other_log: [
    'Another program has filled the read store in Redis at {server} from another log. End one of the two, or give each a name of its own.',
    'Redis（{server}）中的读模型已被另一程序用其他日志重建。请停止其中一个，或为两者分别命名。',
  ],
  deposed: [
    'Another process now writes the read store in Redis at {server}; this one no longer may. Nothing needs to be done.',
    'Redis（{server}）中的读模型现由另一进程写入，本进程已无写入权。无需处理。',
  ],
  closed: [
    'The connection to Redis at {server} is closed. Open it again.',
    '与Redis（{server}）的连接已关闭。请重新打开。',
  ],
} as const satisfies Record<string, Bilingual>;

export type RedisFault = keyof typeof TEXTS;

/** Redis does not do what it was asked. Whether a write that was under way has happened is not known. */
export class RedisUnavailable extends ReadsUnavailable {
  override readonly name = 'RedisUnavailable';
  readonly text: Bilingual;

  constructor(
    readonly code: RedisFault,
    readonly server: string,
    cause?: Error,
  ) {
    const text = filled(TEXTS[code], { server });
    super(text[0], cause && { cause });
    this.text = text;
  }
}

const BY_REPLY: readonly (readonly [RegExp, RedisFault])[] = [
  [/^LOADING /, 'loading'],
  [/^(READONLY|MASTERDOWN) /, 'readonly'],
  [/^(NOAUTH|WRONGPASS|NOPERM) /, 'auth'],
  [/^OOM /, 'out_of_memory'],
];
/** What the client says of its own: it has no codes for these. */
const LOST =
  /^(Command timed out|Connection is closed|Command aborted|Stream isn't writeable|Socket timeout|Reached the max retries)/;

/** What the client threw as one of the faults above; `undefined`: no fault of Redis. */
export function faultOf(error: unknown): RedisFault | undefined {
  if (!(error instanceof Error)) return undefined;
  for (const [pattern, fault] of BY_REPLY) if (pattern.test(error.message)) return fault;
  if (error.name === 'ReplyError') return 'failed';
  return 'syscall' in error || 'errorno' in error || LOST.test(error.message) ? 'unreachable' : undefined;
}

/** The client's errors carry the command with all its arguments: passwords, and rows of megabytes. Only words are kept. */
export function withoutArguments(error: Error, secret: string | undefined): Error {
  const message = secret ? error.message.replaceAll(secret, '***') : error.message;
  const kept = new Error(message);
  kept.name = error.name;
  return kept;
}
