import { defineRefusals } from '../../domain/kernel/refusal.js';

/** Why something of the past is not shown. */
export const replayRefusals = defineRefusals({
  NOT_PAST_YET: {
    message: [
      '{time} is not past yet: what will be recorded until then is not known.',
      '{time}尚未过去，届时的记录未定。',
    ],
    next: ['Give an earlier time, or a position.', '请指定更早的时间，或指定日志位置。'],
  },
  POINTS_REVERSED: {
    message: ['`from` is later than `to`.', 'from晚于to。'],
    next: ['Exchange the two.', '请对调两个时点。'],
  },
  TOO_FAR_APART: {
    message: ['More than {most} events lie between the two points.', '两个时点之间的事件超过{most}个。'],
    next: ['Ask for the difference in several parts.', '请分段查询差异。'],
  },
  REPLAY_BUSY: {
    message: ['Others wait for the past already.', '等待历史回放的人过多。'],
    next: ['Try again in a minute.', '请一分钟后重试。'],
  },
});
