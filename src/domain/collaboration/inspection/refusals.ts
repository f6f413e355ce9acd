import { defineRefusals } from '../../kernel/refusal.js';
import { callingRefusals } from '../../organization/joint-meeting/refusals.js';

/** Refusals of joint inspections (domain.md S10, P1, P4). */
export const inspectionRefusals = defineRefusals({
  ...callingRefusals.table,
  NO_STANDING_COMMITTEE: {
    message: [
      'A township has no standing committee: no special inquiry is held there.',
      '乡镇不设常委会，不能开展专题询问。',
    ],
    next: ['Choose a survey or a law-enforcement inspection.', '请选择调查研究或执法检查。'],
  },
  INSPECTION_DATES: {
    message: ['The inspection ends before it begins, or is already past.', '结束日期早于开始日期，或活动已过期。'],
    next: ['Correct the dates.', '请更正日期。'],
  },
  CANNOT_JOIN_REGION: {
    message: ['Region {region} cannot be joined to this activity.', '{region}不能作为本次活动的联动地区。'],
    next: [
      'Join regions within your own, or neighbours of the same level.',
      '请选择本行政区域内的下级地区，或同级地区。',
    ],
  },
  ROLE_MISMATCH: {
    message: ['This mandate or post does not fit the role {role}.', '该代表职务或岗位与成员身份{role}不符。'],
    next: [
      'A deputy takes part under a mandate, an expert under an expert’s post, a department head under a head’s post; a member of the standing committee under a post in it or a mandate of its congress.',
      '代表以代表职务参加，专家以专家岗位参加，部门领导以负责人岗位参加，常委会组成人员以常委会岗位或本级代表职务参加。',
    ],
  },
  ENTRUSTMENT_UNKNOWN: {
    message: ['The entrustment {reference} was not received.', '未收到委托{reference}。'],
    next: ['Record the entrustment first (recordEntrustment).', '请先登记委托（recordEntrustment）。'],
  },
  ENTRUSTMENT_NOT_VALID_FOR: {
    message: [
      'The entrustment {reference} does not come from the office that organises deputies of {region}.',
      '委托{reference}不是{region}代表的组织机关所发。',
    ],
    next: [
      'Deputies of the nation and the autonomous region: its standing committee; others: their own.',
      '全国和自治区代表须由自治区人大常委会委托，其他代表由其本级委托。',
    ],
  },
  INSPECTION_HAS_BEGUN: {
    message: ['The inspection has begun: the day on which it began stays.', '监督活动已经开始，开始日期不能更改。'],
    next: ['Change only the day on which it ends.', '请只调整结束日期。'],
  },
  LEADER_IN_PLACE: {
    message: ['The team has a leader.', '检查组已有组长。'],
    next: ['Take the leader out first (removeInspectionMember).', '请先移出现任组长（removeInspectionMember）。'],
  },
  TEAM_EMPTY: {
    message: ['No member has accepted yet.', '尚无成员接受邀请。'],
    next: ['Wait for an answer, or invite more members.', '请等待答复或继续邀请成员。'],
  },
  OUTSIDE_INSPECTION: {
    message: ['Region {region} lies outside this inspection.', '{region}不在本次监督范围内。'],
    next: ['Name a place inside the region or a joined region.', '请填写本地区或联动地区内的地点。'],
  },
  NOT_AN_INQUIRY: {
    message: ['This is not a special inquiry.', '本次活动不是专题询问。'],
    next: ['Plan a special inquiry for that.', '请另行安排专题询问。'],
  },
  INQUIRY_NOT_SCHEDULED: {
    message: ['The special inquiry has not been scheduled.', '专题询问尚未安排。'],
    next: ['Schedule it first (scheduleInquiry).', '请先安排专题询问（scheduleInquiry）。'],
  },
  INQUIRY_IN_PROGRESS: {
    message: ['Questions have been asked: the inquiry cannot be moved any more.', '询问已经开始，不能再改期。'],
    next: ['Finish the inquiry.', '请完成询问。'],
  },
  NOT_OWN_LEVEL: {
    message: [
      'A congress supervises the organs of its own level only: this is no organ of {region}.',
      '人大只监督本级机关：该机关不属于{region}。',
    ],
    next: [
      'Leave it to the congress of that level (Supervision Law art. 6).',
      '请交由相应层级人大办理（监督法第六条）。',
    ],
  },
  NOT_A_HEAD: {
    message: ['Only a head or leader of an organ answers.', '只有机关负责人或分管领导可以应询。'],
    next: ['Name the head’s post.', '请填写负责人的岗位。'],
  },
  HEAD_NOT_SUMMONED: {
    message: ['No head of this organ has to attend the inquiry.', '该机关负责人不在应到会名单内。'],
    next: ['Add the head to the schedule first.', '请先将其列入应到会名单。'],
  },
  UNKNOWN_QUESTION: {
    message: ['There is no such answered question of yours.', '没有您提出且已获答复的该问题。'],
    next: ['A follow-up follows an answer to your own question.', '追问须针对本人已获答复的询问。'],
  },
  QUESTION_NOT_YOURS: {
    message: [
      'The question is not put to your organ, or is answered already.',
      '该询问不是向您所在机关提出，或已答复。',
    ],
    next: ['Choose an open question to your organ.', '请选择向本机关提出的未答复询问。'],
  },
  HEADS_NOT_RECORDED: {
    message: ['It is not recorded whether every head came.', '尚未记录全部负责人的到会情况。'],
    next: ['Record attendance first; absence too is recorded.', '请先记录到会情况，缺席也应记录。'],
  },
  OPINIONS_ALREADY_SENT: {
    message: ['This organ has the opinions already.', '意见已转交该机关。'],
    next: ['Wait for its report.', '请等待其报告。'],
  },
  NO_OPINIONS_FOR_ORGAN: {
    message: ['No open opinions stand with this organ.', '该机关没有待处理的意见。'],
    next: ['Choose an organ that has opinions to answer.', '请选择有待处理意见的机关。'],
  },
  REREPORT_OWED: {
    message: [
      'A satisfaction test found an organ’s handling wanting: it has to report again first.',
      '有机关的测评结果为不满意，须先重新报告。',
    ],
    next: [
      'Order the report with a day by which it is due (orderReReport).',
      '请责成该机关限期重新报告（orderReReport）。',
    ],
  },
  NO_REREPORT_OWED: {
    message: [
      'No satisfaction test of this organ’s last report ended dissatisfied.',
      '该机关最近一次报告没有不满意的测评结果。',
    ],
    next: [
      'Wait for the report that was ordered, or for the count of its test.',
      '请等待已责成的报告，或等待测评计票。',
    ],
  },
  NOT_ALL_PUBLISHED: {
    message: [
      'Opinions were sent: they and their handling are published too.',
      '审议意见已转交，应一并公布审议意见和研究处理情况。',
    ],
    next: ['Give both texts (Supervision Law art. 37).', '请填写两项内容（监督法第三十七条）。'],
  },
  NOTHING_SENT_TO_PUBLISH: {
    message: [
      'No opinions were sent: there are none to publish, nor their handling.',
      '未转交审议意见，没有可公布的审议意见和研究处理情况。',
    ],
    next: [
      'Publish the report alone, or send opinions first (transferOpinions).',
      '请只公布报告，或先转交意见（transferOpinions）。',
    ],
  },
  COMMITTEE_NOT_ASKED: {
    message: ['The committee’s view on the report has not been given.', '尚未征求委员会意见。'],
    next: [
      'Ask the committee for its view first (giveCommitteeView; Supervision Law art. 37).',
      '请先征求委员会意见（giveCommitteeView；监督法第三十七条）。',
    ],
  },
});
