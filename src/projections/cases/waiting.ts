import type { CaseClock } from '../../domain/kernel/case-clocks.js';
import type { Bilingual } from '../../domain/kernel/refusal.js';
import type { CaseRow } from '../kernel/case-model.js';
import type { IndexTuple } from '../kernel/index-key.js';

/**
 * What can wait for somebody: what it is called, and the actions that do it. None: it can only be watched, because
 * another has to act.
 */
export const duties = {
  REGISTER: {
    label: ['To register, return or not accept', '待审核立案'],
    actions: ['registerSuggestion', 'returnForRevision', 'notAcceptSuggestion'],
  },
  ASSIGN: { label: ['To assign', '待交办'], actions: ['assignSuggestion', 'mergeSuggestion'] },
  DECIDE_RETURN: { label: ['Return request to decide', '退回申请待决定'], actions: ['approveReturn', 'rejectReturn'] },
  DECIDE_EXTENSION: {
    label: ['Extension to decide', '延期申请待决定'],
    actions: ['grantExtension', 'refuseExtension'],
  },
  REVIEW_FEEDBACK: {
    label: ['Dissatisfied feedback to review', '不满意反馈待研究'],
    actions: ['orderRehandling', 'explainDissatisfaction', 'noteSupervision'],
  },
  CLOSE: { label: ['All signers have answered: to close', '反馈已齐，待办结'], actions: ['closeSuggestion'] },
  FOLLOW_ESCALATION: { label: ['Waits for a higher deputy', '已提请上级代表，待采纳'], actions: [] },
  SIGN: { label: ['To sign for', '待签收'], actions: ['receiveAssignment', 'requestReturn'] },
  REPLY: { label: ['To reply', '待答复'], actions: ['contactDeputy', 'issueReply', 'requestExtension'] },
  REPLY_AGAIN: { label: ['To reply again', '再次办理待答复'], actions: ['contactDeputy', 'issueReply'] },
  GIVE_OPINION: { label: ['Co-handler’s opinion to give', '会办意见待提交'], actions: ['submitCoOpinion'] },
  KEEP_PROMISE: {
    label: ['Promise to keep', '承诺待兑现'],
    actions: ['reportPromiseProgress', 'fulfilPromise', 'slipPromise'],
  },
  PUBLISH: {
    label: ['Reply to review for openness and publish', '答复待公开'],
    actions: ['reviewOpenness', 'publishReply'],
  },
  NOTE_EXTERNAL: {
    label: ['Handled in another system: to note what it did', '外部办理情况待记录'],
    actions: ['recordExternalHandling'],
  },
  CONFIRM_ISSUE: { label: ['Issue to confirm', '问题待确认'], actions: ['confirmIssue', 'dismissIssue'] },
  TRANSFER_ISSUE: { label: ['Issue to transfer to an organ', '问题待转交'], actions: ['transferIssue'] },
  RECTIFY: {
    label: ['To rectify', '待整改'],
    actions: ['beginRectification', 'reportRectification'],
  },
  VERIFY_RECTIFICATION: {
    label: ['Rectification to verify', '整改待核实'],
    actions: ['verifyRectification', 'rejectRectification'],
  },
  ANSWER_OPINIONS: { label: ['Opinions to answer', '审议意见待报告'], actions: ['reportHandling'] },
  ORDER_REREPORT: {
    label: ['Found wanting by a satisfaction test: to order a new report', '测评不满意，待责成重新报告'],
    actions: ['orderReReport'],
  },
  CARRY_OUT_MEASURE: {
    label: ['Measure to carry out', '措施待落实'],
    actions: ['reportMeasureProgress', 'completeMeasure'],
  },
  VERIFY_MEASURE: { label: ['Measure to verify', '措施待验收'], actions: ['verifyMeasure', 'reopenMeasure'] },
  HOLD_MEETING: { label: ['Joint meeting of the year to hold', '本年度联席会议待召开'], actions: ['planJointMeeting'] },
} as const satisfies Record<string, { label: Bilingual; actions: readonly string[] }>;
export type Duty = keyof typeof duties;

/** One thing that waits: for whom (a tag), until when, by which clock of the case; `about`: a promise or an organ. */
export type Waiting = {
  readonly tag: string;
  readonly duty: Duty;
  readonly dueOn: string | null;
  readonly clock: string | null;
  readonly about: string | null;
};

/** What has no due date comes last. */
export const noDueDate = '9999-12-31';

export const waits = (
  tag: string,
  duty: Duty,
  { clock, dueOn, about }: { clock?: CaseClock | undefined; dueOn?: string | null; about?: string } = {},
): Waiting => ({
  tag,
  duty,
  dueOn: clock?.dueOn ?? dueOn ?? null,
  clock: clock?.clock ?? null,
  about: about ?? null,
});

/** `inbox` `[tag, due date, duty, about]`, and how many of each duty wait for each tag. */
export const inboxOfCase = <State>(waitingOf: (state: State, id: string) => readonly Waiting[]) => ({
  index: (row: CaseRow<State>): readonly IndexTuple[] =>
    waitingOf(row.state, row.id).map(({ tag, dueOn, duty, about }) => [tag, dueOn ?? noDueDate, duty, about]),
  rollup: (row: CaseRow<State>): readonly (readonly string[])[] =>
    waitingOf(row.state, row.id).map(({ tag, duty }) => [tag, duty]),
});
