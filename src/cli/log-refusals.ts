import { defineRefusals } from '../domain/kernel/refusal.js';

/** What `wuji log` says no to. */
export const logRefusals = defineRefusals({
  NO_LOG_THERE: {
    message: ['There is no log in the data folder {folder}.', '数据目录{folder}中没有日志。'],
    next: [
      'Name the folder as WUJI_DATA has it: the one that holds the folder `log`.',
      '请填写WUJI_DATA所指的目录，即包含log子目录的目录。',
    ],
  },
  NOT_A_DATA_FOLDER: {
    message: [
      '{folder} is the log itself, not the data folder around it.',
      '{folder}是日志本身，不是其所在的数据目录。',
    ],
    next: ['Name {parent}.', '请填写{parent}。'],
  },
  PASSWORD_IN_ARGUMENT: {
    message: [
      'A password does not belong into the arguments: others on this machine can read them.',
      '密码不应写在命令参数中，本机其他用户可以看到。',
    ],
    next: [
      'Put the address into EVENTSTORE_URL, or into a file named by EVENTSTORE_URL_FILE, and write EVENTSTORE_URL here.',
      '请将地址写入环境变量EVENTSTORE_URL，或写入EVENTSTORE_URL_FILE所指的文件，此处只写EVENTSTORE_URL。',
    ],
  },
  SAME_LOG: {
    message: [
      'Both are the same log: one and the same place, or one is a backup of the other.',
      '两者是同一日志：同一位置，或其中一个是另一个的备份。',
    ],
    next: ['Name another place with --to.', '请用 --to 指定其他位置。'],
  },
  TARGET_HOLDS_OTHER_EVENTS: {
    message: [
      'The target holds an event that the source does not: {stream}, revision {revision}. Nothing was written over it.',
      '目标中有源日志所没有的事件：{stream}，版本{revision}。未作任何覆盖。',
    ],
    next: [
      'Name an empty target. A target on which Wuji has been started already is not empty: it has taken its first events.',
      '请指定空的目标。已启动过五级系统的目标不为空，其中已有首批事件。',
    ],
  },
  SOURCE_HISTORY_MISSING: {
    message: [
      'In the source the events of {stream} before revision {revision} are missing: they were deleted.',
      '源日志中{stream}在版本{revision}之前的事件缺失，已被删除。',
    ],
    next: [
      'Restore the source from a backup that still has them, then copy into an empty target.',
      '请先从仍含这些事件的备份恢复源日志，再复制到空的目标。',
    ],
  },
  COPY_STOPPED: {
    message: ['{text}', '{zhText}'],
    next: [
      'Then run the same command again: it goes on where it stopped.',
      '处理后请重新执行同一命令，将从中断处继续。',
    ],
  },
  COPY_DIFFERS: {
    message: [
      'The copy is NOT equal to the source: {events} of {sourceEvents} events, {streams} streams differ. The first difference:',
      '副本与源日志不一致：事件{events}个（应为{sourceEvents}个），不一致的流{streams}个。首处差异：',
    ],
    next: [
      'Do not serve from the target. Begin again with an empty one.',
      '请勿使用该目标提供服务，请换用空的目标重新复制。',
    ],
  },
  LOG_DAMAGED: {
    message: [
      'The log is damaged: segment {segment}, offset {offset}, event number {sequence} ({wrong}). The {events} events before it are as they were written.',
      '日志已损坏：段文件{segment}，偏移{offset}，第{sequence}个事件（{wrong}）。其前的{events}个事件完好。',
    ],
    next: [
      'Check the disk, then restore the data folder from a backup. Check the backup the same way before it is served.',
      '请检查磁盘，然后从备份恢复数据目录。启用备份前，请同样先行检查。',
    ],
  },
  INDEX_DIFFERS: {
    message: [
      'The index of the log does not agree with the segments ({wrong}). The log itself is whole; nothing is lost.',
      '日志的索引与段文件不符（{wrong}）。日志本身完好，没有数据丢失。',
    ],
    next: [
      'Remove {file} while nothing serves the folder, and start: the index is made again. Check the disk.',
      '请在停止服务后删除{file}再启动，索引将自动重建。请检查磁盘。',
    ],
  },
  LOG_OF_OTHER_FORMAT: {
    message: [
      'The log in {folder} was written by another version of this program.',
      '{folder}中的日志由本程序的其他版本写成。',
    ],
    next: [
      'An older log is upgraded when the server is started with it; check it after that.',
      '旧版日志会在服务启动时自动升级，请在升级后再检查。',
    ],
  },
  CHECK_STOPPED: {
    message: ['{text}', '{zhText}'],
    next: ['Then run the check again.', '处理后请重新检查。'],
  },
});
