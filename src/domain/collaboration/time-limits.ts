import type { Calendar, Limit } from '../kernel/clock.js';
import type { Bilingual } from '../kernel/refusal.js';
import type { Rules } from '../kernel/rules.js';

const deputiesLaw51: Bilingual = [
  'Deputies Law (2025), article 51',
  '《全国人民代表大会和地方各级人民代表大会代表法》（2025年）第五十一条',
];
const innerMongolia6: Bilingual = [
  'Inner Mongolia measures on handling deputies’ suggestions (text of 2001), article 6',
  '《内蒙古自治区人民代表大会代表建议、批评和意见办理办法》（2001年文本）第六条',
];
const shanghai = (article: number, zh: string): Bilingual => [
  `Shanghai provisions on deputies’ suggestions (2015), article ${article}: another place’s rule, taken as default`,
  `《上海市人民代表大会关于代表建议、批评和意见的规定》（2015年）第${zh}条，外地规定，作为默认值`,
];

/**
 * The limits of suggestions, joint meetings and requests about personal data. Only T5, T6 and T10 bind by themselves (the Deputies Law and the
 * mechanism): a regulation may tighten them. The others are defaults that a regulation sets freely.
 */
export const timeLimits: readonly Limit[] = [
  {
    key: 'T1',
    label: ['Assign the suggestions of a session', '大会期间建议交办'],
    value: 10,
    unit: 'day',
    startEvent: 'CongressSessionClosed',
    basis: innerMongolia6,
    configurable: 'freely',
  },
  {
    key: 'T2',
    label: ['Assign a suggestion made between sessions', '闭会期间建议交办'],
    value: 7,
    unit: 'day',
    startEvent: 'SuggestionSubmitted',
    basis: innerMongolia6,
    configurable: 'freely',
  },
  {
    key: 'T3',
    label: ['Return a suggestion outside the organ’s remit', '承办单位退回'],
    value: 7,
    unit: 'workday',
    startEvent: 'AssignmentReceived',
    basis: shanghai(14, '十四'),
    configurable: 'freely',
    lapses: true,
  },
  {
    key: 'T4',
    label: ['Co-handler’s opinion to the lead organ', '会办意见送主办单位'],
    value: 1,
    unit: 'month',
    startEvent: 'AssignmentReceived',
    basis: shanghai(17, '十七'),
    configurable: 'freely',
  },
  {
    key: 'T5',
    label: ['Reply', '答复代表'],
    value: 3,
    unit: 'month',
    startEvent: 'SuggestionAssigned',
    basis: deputiesLaw51,
    configurable: 'tighter',
    atMost: { value: 6, unit: 'month' },
  },
  {
    key: 'T6',
    label: ['Reply to a wide-ranging or difficult suggestion', '涉及面广、处理难度大的建议答复代表'],
    value: 6,
    unit: 'month',
    startEvent: 'SuggestionAssigned',
    basis: deputiesLaw51,
    configurable: 'tighter',
    atMost: { value: 6, unit: 'month' },
  },
  {
    key: 'T7',
    label: ['Deputy’s feedback on the reply', '代表反馈意见'],
    value: 20,
    unit: 'workday',
    startEvent: 'ReplyIssued',
    basis: ['Another city’s practice (Chongqing), taken as default', '外地做法（重庆），作为默认值'],
    configurable: 'freely',
  },
  {
    key: 'T8',
    label: ['Reply after re-handling', '再次办理答复'],
    value: 1,
    unit: 'month',
    startEvent: 'RehandlingOrdered',
    basis: shanghai(21, '二十一'),
    configurable: 'freely',
  },
  {
    key: 'T9',
    label: ['Publish the reply', '答复公开'],
    value: 20,
    unit: 'workday',
    startEvent: 'ReplyIssued',
    basis: [
      'Anhui practice (2015) under General Office of the State Council [2014] No. 46, taken as default',
      '安徽省做法（2015年），依国办发〔2014〕46号，作为默认值',
    ],
    configurable: 'freely',
  },
  {
    key: 'T10',
    label: ['Hold a five-level joint meeting', '召开五级代表联席会议'],
    value: 1,
    unit: 'year',
    startEvent: 'YearBegan',
    basis: [
      'Mechanism of five-level deputies’ joint performance: at least one a year',
      '五级人大代表协同履职机制：每年至少召开一次',
    ],
    configurable: 'tighter',
  },
  {
    key: 'T25',
    label: ['Answer a request about personal data', '答复个人信息权利申请'],
    value: 15,
    unit: 'workday',
    startEvent: 'ErasureRequested',
    basis: [
      'Personal Information Protection Law, article 50: in time, without a number of days; this one is the default',
      '《个人信息保护法》第五十条：及时受理和处理，未规定天数，此为默认值',
    ],
    configurable: 'freely',
  },
];

/** The table above for every region: no regulation has set a parameter yet. */
export function defaultRules(calendar: Calendar): Rules {
  const byKey = new Map(timeLimits.map((limit) => [limit.key, limit]));
  return {
    version: 'default-1',
    calendar,
    limit(key) {
      const limit = byKey.get(key);
      if (!limit) throw new Error(`no time limit ${key}`);
      return limit;
    },
  };
}
