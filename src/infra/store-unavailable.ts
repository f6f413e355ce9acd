import { statfsSync } from 'node:fs';
import { constants } from 'node:os';
import { LogUnavailable } from '../domain/kernel/ports.js';
import { type Bilingual, filled } from '../domain/kernel/refusal.js';

/** Each with what to do next. `{folder}` stands for the data folder. */
const TEXTS = {
  disk_full: [
    'The disk of {folder} is full; nothing was written. Free some space: writing then goes on by itself.',
    '数据目录 {folder} 所在磁盘已满，本次未写入。请清理空间，之后写入会自动恢复。',
  ],
  too_many_files: [
    'This process has no file descriptor left for {folder}; nothing was written. Close connections, or raise the limit (ulimit -n): writing then goes on by itself.',
    '进程的文件描述符已用尽，无法写入数据目录 {folder}，本次未写入。请减少连接或调高限制（ulimit -n），之后写入会自动恢复。',
  ],
  not_writable: [
    'The data folder {folder} cannot be written. Make it a folder that this user may write, or name another one.',
    '数据目录 {folder} 不可写。请将其改为当前用户可写的目录，或另行指定目录。',
  ],
  in_use: [
    'The data folder {folder} is in use by another process. End that process, or name another folder.',
    '数据目录 {folder} 正被另一进程使用。请先结束该进程，或另行指定目录。',
  ],
  write_failed: [
    'The disk of {folder} did not take the write; nothing was written. Check its free space and its health.',
    '数据目录 {folder} 所在磁盘写入失败，本次未写入。请检查剩余空间和磁盘状况。',
  ],
  unknown_format: [
    'The data folder {folder} was written by another version of this program. Start that version, or name another folder.',
    '数据目录 {folder} 由本程序的其他版本写成。请启动该版本，或另行指定目录。',
  ],
  damaged: [
    'The data in {folder} is damaged. Check the disk, then restore the folder from a backup.',
    '数据目录 {folder} 中的数据已损坏。请检查磁盘，然后从备份恢复该目录。',
  ],
  closed: ['The store in {folder} is closed. Open it again.', '数据目录 {folder} 的存储已关闭。请重新打开。'],
} as const satisfies Record<string, Bilingual>;

export type StoreUnavailableCode = keyof typeof TEXTS;

/** The place where data is kept does not work. What was asked did not happen; what was acknowledged before still stands. */
export class StoreUnavailable extends LogUnavailable {
  readonly text: Bilingual;

  constructor(
    readonly code: StoreUnavailableCode,
    readonly folder: string,
    cause?: unknown,
  ) {
    const text = filled(TEXTS[code], { folder });
    super(text[0], { cause });
    this.text = text;
    this.name = 'StoreUnavailable';
  }
}

const { EACCES, EDQUOT, EEXIST, EFBIG, EIO, EMFILE, ENFILE, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS } = constants.errno;
const MDB_MAP_FULL = -30792;
const FULL = new Set<unknown>([ENOSPC, EDQUOT, EFBIG, MDB_MAP_FULL]);
const FORBIDDEN = new Set<unknown>([EACCES, EEXIST, ENOENT, ENOTDIR, EPERM, EROFS]);

/** LMDB's codes are positive numbers, Node's are negative in `errno`. */
const codeOf = (error: unknown): unknown => {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('errno' in error && typeof error.errno === 'number') return -error.errno;
  return 'code' in error ? error.code : undefined;
};

/** A write that only fitted in part is reported as EIO by LMDB, so the free space has to tell a full disk from a broken one. */
const isNearlyFull = (folder: string): boolean => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 1_048_576;
};

/** What an error of the file system or of LMDB means for the user. */
export function asStoreUnavailable(folder: string, error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error;
  const code = codeOf(error);
  if (FULL.has(code) || (code === EIO && isNearlyFull(folder))) return new StoreUnavailable('disk_full', folder, error);
  if (code === EMFILE || code === ENFILE) return new StoreUnavailable('too_many_files', folder, error);
  if (FORBIDDEN.has(code)) return new StoreUnavailable('not_writable', folder, error);
  return new StoreUnavailable('write_failed', folder, error);
}
