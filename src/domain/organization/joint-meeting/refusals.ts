import { defineRefusals } from '../../kernel/refusal.js';

/** Refusals of calling people together, shared by joint meetings and inspections (domain.md P4). */
export const callingRefusals = defineRefusals({
  UNKNOWN_PARTY: {
    message: ['There is no such mandate or post in force.', '没有该代表职务或岗位，或其已失效。'],
    next: ['Look the person up in the directory.', '请在名录中查找。'],
  },
  ENTRUSTMENT_REQUIRED: {
    message: [
      'Deputies of {region} are organised by another standing committee: calling them needs its entrustment.',
      '{region}的代表由其他常委会组织，召集须有该常委会的委托。',
    ],
    next: [
      'Give the reference of the entrustment, or invite instead of calling (Deputies Law art. 25).',
      '请填写委托文号，或改为邀请参加（代表法第二十五条）。',
    ],
  },
  PARTY_OUT_OF_SCOPE: {
    message: [
      'Region {region} is neither in, nor above, nor joined to this activity.',
      '{region}不在本次活动范围内，也不是其上级或联动地区。',
    ],
    next: ['Join the region to the activity first.', '请先将该地区列为联动地区。'],
  },
  NOT_INVITED: {
    message: ['This person does not take part.', '此人未参加本次活动。'],
    next: ['Invite the person first.', '请先邀请。'],
  },
  SUCCESSOR_NOT_IN_FORCE: {
    message: ['The successor is no organ in force.', '承接单位不存在，或其已被撤并。'],
    next: ['Name the organ in force that succeeds it.', '请填写现存的承接单位。'],
  },
  DUE_DATE_PAST: {
    message: ['{on} is not in the future.', '{on}不是将来的日期。'],
    next: ['Name a later day.', '请填写今后的日期。'],
  },
});

/** Refusals of joint meetings, their measures and the duties of the year (domain.md S3, T10). */
export const meetingRefusals = defineRefusals({
  ...callingRefusals.table,
  MEETING_DATE_PAST: {
    message: ['The meeting cannot be convened for {on}: the day is past.', '{on}已过，不能以此日期召集会议。'],
    next: ['Name today or a later day.', '请填写今日或以后的日期。'],
  },
  MEETING_HAS_RESULTS: {
    message: ['The meeting has adopted results: it was held.', '会议已形成成果，不能取消。'],
    next: ['Close the meeting (closeJointMeeting).', '请结束会议（closeJointMeeting）。'],
  },
  UNKNOWN_PROBLEM: {
    message: ['No such problem was submitted to this meeting.', '本次会议没有该问题。'],
    next: ['Choose one from the list of problems.', '请从问题清单中选择。'],
  },
  UNKNOWN_COUNTERMEASURE: {
    message: ['No such countermeasure was proposed at this meeting.', '本次会议没有该对策。'],
    next: ['Choose one from the list of countermeasures.', '请从对策清单中选择。'],
  },
  UNKNOWN_RESULT: {
    message: ['The meeting adopted no such result.', '本次会议没有该成果。'],
    next: ['Choose one of the adopted results.', '请从会议成果中选择。'],
  },
  SPEAKER_NOT_PRESENT: {
    message: ['The speaker has not checked in.', '发言人尚未签到。'],
    next: ['Check the speaker in first.', '请先为发言人签到。'],
  },
  NOBODY_PRESENT: {
    message: ['Nobody has checked in: the meeting was not held.', '无人签到，会议未举行。'],
    next: ['Check the participants in first.', '请先签到。'],
  },
  RESULT_WITHOUT_MEASURE: {
    message: ['The result “{result}” has no measure yet.', '成果“{result}”尚未转化为措施。'],
    next: [
      'Assign a measure with an owner committee and a due date (assignMeasure).',
      '请确定责任委员会和期限（assignMeasure）。',
    ],
  },
  MEASURE_NOT_LINKED: {
    message: ['This measure is not linked to the meeting.', '该措施未与会议关联。'],
    next: ['Link it first (linkMeasure).', '请先关联（linkMeasure）。'],
  },
  MEETING_NOT_CLOSED: {
    message: ['There is no such joint meeting that has closed.', '没有该联席会议，或会议尚未结束。'],
    next: ['Close the meeting first.', '请先结束会议。'],
  },
  OWNER_NOT_COMMITTEE: {
    message: [
      'A measure is owned by a special or work committee of {region}.',
      '措施须由{region}人大专门委员会或工作委员会负责。',
    ],
    next: ['Choose a committee in force of that region.', '请选择该地区现有的委员会。'],
  },
  OWN_MEASURE: {
    message: ['A committee does not judge its own measure.', '委员会不能验收自身负责的措施。'],
    next: ['Leave it to another office of the standing committee.', '请由常委会其他机构验收。'],
  },
  YEAR_DUTY_OF_CITY_ONLY: {
    message: ['Region {region} is not a city: the duty is the city’s.', '{region}不是地市，该年度义务由市级承担。'],
    next: ['Name the city.', '请填写市级区划。'],
  },
  YEAR_NOT_BEGUN: {
    message: ['The year {year} has not begun.', '{year}年尚未开始。'],
    next: ['Wait until 1 January.', '请待该年1月1日后办理。'],
  },
  YEAR_DUTY_NOT_YET: {
    message: ['This is recorded from {on} on.', '此项自{on}起方可记录。'],
    next: ['Wait until that day.', '请待该日后办理。'],
  },
  MEETING_OF_OTHER_YEAR: {
    message: ['The meeting was not held in {region} in {year}.', '该会议不是{region}{year}年举行的会议。'],
    next: ['Name a meeting of that city and year.', '请填写该市当年的会议。'],
  },
});
