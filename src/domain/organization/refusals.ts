import { defineRefusals } from '../kernel/refusal.js';

/** Refusals of the register (domain.md S1). */
export const registerRefusals = defineRefusals({
  NOT_YOUR_REGION: {
    message: ['Region {region} is not in your charge.', '区划{region}不在您的职责范围内。'],
    next: ['Ask the office of that region.', '请联系该区划的工作机构。'],
  },
  UNKNOWN_REGION: {
    message: ['There is no region with the code {region}.', '没有代码为{region}的行政区划。'],
    next: ['Use the code of GB/T 2260, for townships with three more digits.', '请使用GB/T 2260代码，乡镇另加三位。'],
  },
  NO_CONGRESS_HERE: {
    message: [
      'Region {region} is a street: it has no congress and no deputies of its own.',
      '{region}为街道，不设人大，没有本级代表。',
    ],
    next: ['Register the mandate in the county or district.', '请在旗县区登记代表职务。'],
  },
  UNKNOWN_PERSON: {
    message: ['There is no such person in the register.', '名册中没有此人。'],
    next: ['Register the person first.', '请先登记此人。'],
  },
  UNKNOWN_MANDATE: {
    message: ['There is no such mandate in the register.', '名册中没有该代表职务。'],
    next: ['Look the deputy up in the directory.', '请在代表名录中查找。'],
  },
  UNKNOWN_ORGAN: {
    message: ['There is no such organ in force.', '没有该机关，或其已被撤并。'],
    next: [
      'Choose an organ from the directory; a merged one has a successor.',
      '请从机关名录中选择；被合并的机关有承接单位。',
    ],
  },
  REGIONS_NOT_SUBORDINATE: {
    message: [
      'The person is a deputy in {region}, which is neither above nor below {asked}.',
      '此人已是{region}的代表，与{asked}无隶属关系。',
    ],
    next: ['End the other mandate first (Electoral Law art. 48).', '请先终止另一代表职务（选举法第四十八条）。'],
  },
  TERM_NOT_OPEN: {
    message: [
      'The congress of {region} is in term {current}, not {asked}.',
      '{region}人大现为第{current}届，不是第{asked}届。',
    ],
    next: ['Begin the term first, or correct its number.', '请先开始该届，或更正届次。'],
  },
  DATE_IN_FUTURE: {
    message: ['{on} has not come yet: this takes effect at once.', '日期{on}尚未到，不能提前生效。'],
    next: ['Do it on that day or later.', '请在该日或之后办理。'],
  },
  OPERATOR_ONLY: {
    message: [
      'Organs and posts of the platform’s operator and of auditors are the operator’s own affair.',
      '平台运维机构、审计机关及其岗位仅由平台运维人员管理。',
    ],
    next: ['Ask the platform’s operator.', '请联系平台运维人员。'],
  },
  OPERATOR_OF_THE_CITY: {
    message: [
      'The platform’s operator is an organ of the city, not of {region}.',
      '平台运维机构只设在市级，不设在{region}。',
    ],
    next: ['Register it in the city.', '请在市级登记。'],
  },
  SAME_ORGAN: {
    message: ['An organ cannot be merged into itself.', '机关不能并入自身。'],
    next: ['Name another organ as the successor.', '请指定另一机关承接。'],
  },
  SESSION_DATES: {
    message: [
      'The session must open before it closes, and the cut-off must lie between.',
      '会议应先开后闭，截止时间应在会期之内。',
    ],
    next: ['Correct the dates.', '请更正日期。'],
  },
});
