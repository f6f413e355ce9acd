import { WrongExpectedRevision } from '../../domain/kernel/ports.js';
import { type Bilingual, filled } from '../../domain/kernel/refusal.js';
import { StoreUnavailable } from '../store-unavailable.js';

/**
 * Some of the events stand in the stream already and others do not: this is no retry, but two writers with the same ids.
 * EventStoreDB answers it as a wrong expected revision, so that is what a caller may rely on.
 */
export class CorruptedIdempotency extends WrongExpectedRevision {
  override readonly name = 'CorruptedIdempotency';
}

/** The position was not given out by this log. */
export class InvalidPosition extends Error {
  constructor(readonly position: string) {
    super(`not a position of this log: ${JSON.stringify(position)}`);
    this.name = 'InvalidPosition';
  }
}

/** Where something in the log is not as it was written. */
export type Damage = { readonly segment: string; readonly offset: number; readonly sequence: number };

/** What was acknowledged cannot be read, or is not what was written. It is never skipped. */
export class LogDamaged extends StoreUnavailable {
  override readonly text: Bilingual;
  override readonly message: string;

  constructor(
    folder: string,
    readonly damage: Damage,
  ) {
    super('damaged', folder);
    this.text = filled(DAMAGED, { folder, ...damage });
    this.message = this.text[0];
  }
}

const DAMAGED: Bilingual = [
  'The log in {folder} is damaged: segment {segment}, offset {offset}, event number {sequence}. Nothing was changed. ' +
    'Check the disk, then restore the folder from a backup; `wuji log check` tells whether a copy is whole.',
  '数据目录 {folder} 中的日志已损坏：段文件{segment}，偏移{offset}，第{sequence}个事件。未作任何改动。' +
    '请检查磁盘，然后从备份恢复该目录；可用 wuji log check 检查备份是否完整。',
];

/** Told, not thrown: the index is made again from the segments. */
export class IndexDamaged extends Error {
  constructor(folder: string, wrong: string) {
    super(`the index of the log in ${folder} ${wrong}: it is made again from the segments; check the disk`);
    this.name = 'IndexDamaged';
  }
}

/** The index led to a record that is right and another one. The next start makes the index again. */
export class IndexWrong extends StoreUnavailable {
  override readonly text: Bilingual;
  override readonly message: string;

  constructor(folder: string, place: { readonly segment: string; readonly offset: number }) {
    super('damaged', folder);
    this.text = filled(INDEX_WRONG, { folder, ...place });
    this.message = this.text[0];
  }
}

const INDEX_WRONG: Bilingual = [
  'The index of the log in {folder} does not agree with segment {segment}, offset {offset}. The log itself is not touched. ' +
    'Start the server anew: the index is then made again from the segments.',
  '数据目录 {folder} 中日志的索引与段文件{segment}（偏移{offset}）不符，日志本身未受影响。请重新启动服务，索引将由段文件重建。',
];

/** A write or a flush failed in a way after which nobody knows what the disk holds: the log takes no more writes. */
export class LogStopped extends StoreUnavailable {
  override readonly text: Bilingual;
  override readonly outcome: 'not written' | 'unknown';

  constructor(folder: string, outcome: 'not written' | 'unknown', cause: unknown) {
    super('write_failed', folder, cause);
    this.outcome = outcome;
    this.text = filled(STOPPED, { folder });
  }
}

const STOPPED: Bilingual = [
  'The disk of {folder} failed while the log was written; the log takes no more writes. Check the disk, then start again.',
  '写入数据目录 {folder} 的日志时磁盘出错，日志已停止写入。请检查磁盘后重新启动。',
];
