import { LogUnavailable } from '../../../domain/kernel/ports.js';
import { type Bilingual, filled } from '../../../domain/kernel/refusal.js';

/** Each with what to do next. `{server}` stands for the servers of the connection string, without credentials. */
const TEXTS = {
  unreachable: [
    'EventStoreDB at {server} cannot be reached. Check the server and the network; work goes on by itself when it answers.',
    '无法连接EventStoreDB（{server}）。请检查服务与网络，恢复后会自动继续。',
  ],
  outcome_unknown: [
    'EventStoreDB at {server} did not say whether it took the write. Send the same command again with the same commandId: it is done once.',
    'EventStoreDB（{server}）未确认本次写入。请使用相同的commandId重新提交，不会重复执行。',
  ],
  access_denied: [
    'EventStoreDB at {server} refuses the user of EVENTSTORE_URL. Give it the right to read $all and to write, or correct the URL.',
    'EventStoreDB（{server}）拒绝了EVENTSTORE_URL中的用户。请授予读取$all和写入的权限，或更正连接地址。',
  ],
  stream_deleted: [
    'A stream of the log was deleted in EventStoreDB at {server}: history is missing. Restore the server from a backup.',
    'EventStoreDB（{server}）中有日志流被删除，历史不完整。请从备份恢复。',
  ],
  too_large: [
    'EventStoreDB at {server} takes no append of this size. Raise its MaxAppendSize.',
    'EventStoreDB（{server}）不接受如此大的写入。请调大其MaxAppendSize。',
  ],
  unsupported_server: [
    'The server at {server} is too old: EventStoreDB 23.10 or later, or KurrentDB, is needed. Upgrade it.',
    '{server}的服务版本过低：需要EventStoreDB 23.10及以上或KurrentDB。请升级。',
  ],
  failed: [
    'EventStoreDB at {server} failed. Look into its log; work goes on by itself when it answers.',
    'EventStoreDB（{server}）出错。请查看其日志，恢复后会自动继续。',
  ],
  closed: [
    'The connection to EventStoreDB at {server} is closed. Open it again.',
    '与EventStoreDB（{server}）的连接已关闭。请重新打开。',
  ],
} as const satisfies Record<string, Bilingual>;

export type EventStoreDBFault = keyof typeof TEXTS;

/** The log in EventStoreDB does not answer as it should. */
export class EventStoreDBUnavailable extends LogUnavailable {
  override readonly name = 'EventStoreDBUnavailable';
  readonly text: Bilingual;
  override readonly outcome: LogUnavailable['outcome'];

  constructor(
    readonly code: EventStoreDBFault,
    readonly server: string,
    cause?: unknown,
  ) {
    const text = filled(TEXTS[code], { server });
    super(text[0], { cause });
    this.text = text;
    this.outcome = code === 'outcome_unknown' ? 'unknown' : 'not written';
  }
}

/** By the client's own type where it gives one, else by the gRPC status: some of its errors are raw. */
const BY_TYPE: Readonly<Record<string, EventStoreDBFault>> = {
  unavailable: 'unreachable',
  cancelled: 'unreachable',
  timeout: 'unreachable',
  'deadline-exceeded': 'unreachable',
  'not-leader': 'unreachable',
  'access-denied': 'access_denied',
  'stream-deleted': 'stream_deleted',
  'maximum-append-size-exceeded': 'too_large',
  unsupported: 'unsupported_server',
};
const BY_STATUS: Readonly<Record<number, EventStoreDBFault>> = {
  1: 'unreachable', // CANCELLED
  4: 'unreachable', // DEADLINE_EXCEEDED
  7: 'access_denied', // PERMISSION_DENIED
  10: 'unreachable', // ABORTED
  12: 'unsupported_server', // UNIMPLEMENTED
  14: 'unreachable', // UNAVAILABLE
  16: 'access_denied', // UNAUTHENTICATED
};

const read = (error: unknown, key: 'type' | 'code'): unknown =>
  typeof error === 'object' && error !== null && key in error ? Reflect.get(error, key) : undefined;

/** What the client threw, as one of the faults above. */
export function faultOf(error: unknown): EventStoreDBFault {
  if (error instanceof EventStoreDBUnavailable) return error.code;
  const byType = BY_TYPE[String(read(error, 'type'))];
  const byStatus = BY_STATUS[Number(read(error, 'code'))];
  // Discovery gives up with a plain Error.
  const undiscovered = error instanceof Error && error.message.startsWith('Failed to discover');
  return byType ?? byStatus ?? (undiscovered ? 'unreachable' : 'failed');
}

/** Faults that another try may mend. */
export const isTransient = (fault: EventStoreDBFault): boolean => fault === 'unreachable' || fault === 'failed';
