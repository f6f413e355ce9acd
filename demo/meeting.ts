import type { Stage } from './stage.js';
import type { Chapter } from './year.js';

/** The yearly joint meeting of five levels, its result, and the measure that comes of it. */
export async function* playMeeting(stage: Stage): Chapter {
  const { cast, act, see } = stage;
  const dwc = await cast.official('O-05');
  const committee = await cast.official('O-03');
  const owner = await cast.official('O-07');
  const five = [
    await cast.deputy('D-001', '000000'),
    await cast.deputy('D-011', '150000'),
    await cast.deputy('D-021', '150800'),
    await cast.deputy('D-051', '150823'),
    await cast.deputy('D-081', '150823101'),
    await cast.deputy('D-091', '150823104'),
  ] as const;
  const [, , city, county, township] = five;

  yield ['2026-09-01', '五级代表联席会议：筹备、邀请 · the yearly joint meeting is called'];
  const { caseId: id } = await act(dwc, 'planJointMeeting', null, {
    title: '2026年五级人大代表联席会议',
    purpose: '分析代表履职遇到的问题和对策。',
  });
  await act(committee, 'conveneJointMeeting', id, { on: '2026-09-15', place: '市人大常委会会议室' });
  await act(dwc, 'inviteParticipants', id, { parties: five.map((deputy) => deputy.id) });
  for (const deputy of five.slice(0, 5)) await act(deputy, 'answerMeetingInvitation', id, { accept: true });
  await act(five[5], 'answerMeetingInvitation', id, { accept: false, reason: '秋收。' });
  await act(township, 'submitProblem', id, { title: '反馈慢', text: '群众意见办理结果反馈慢。' });
  const { problems } = await see<{ problems: { id: string }[] }>(township, 'jointMeeting', id, 'problems { id }');
  const problem = problems[0]?.id;
  await act(dwc, 'setMeetingAgenda', id, { items: [{ title: '意见办理反馈', problems: [problem] }] });

  yield ['2026-09-15', '会议召开，形成成果 · in session: statements, a countermeasure, a result'];
  await act(dwc, 'openJointMeeting', id);
  for (const deputy of five.slice(0, 5)) await act(deputy, 'checkInToMeeting', id, {});
  await act(dwc, 'recordStatement', id, { speaker: county.id, minutes: 6, text: '建议建立限时反馈制度。' });
  await act(city, 'proposeCountermeasure', id, { problem, text: '十个工作日内反馈。' });
  const { countermeasures } = await see<{ countermeasures: { id: string }[] }>(
    city,
    'jointMeeting',
    id,
    'countermeasures { id }',
  );
  await act(committee, 'adoptMeetingResult', id, {
    text: '建立意见限时反馈制度。',
    countermeasures: countermeasures.map((c) => c.id),
  });
  await act(dwc, 'closeJointMeeting', id);

  yield ['2026-09-18', '成果转化为举措，专委负责 · the result becomes a measure with an owner'];
  const { results } = await see<{ results: { id: string }[] }>(dwc, 'jointMeeting', id, 'results { id }');
  const { caseId: measure } = await act(dwc, 'assignMeasure', null, {
    meeting: id,
    result: results[0]?.id,
    text: '制定限时反馈办法。',
    owner: cast.organ('SPC-1508-NM'),
    dueOn: '2026-10-31',
  });
  await act(owner, 'reportMeasureProgress', measure, { text: '办法初稿已形成。' });
  yield ['2026-11-05', '举措逾期、督办、完成、验收 · overdue, urged, done, verified'];
  await act(dwc, 'urgeMeasure', measure, { text: '请于本周内完成。' });
  await act(owner, 'completeMeasure', measure, { text: '办法已印发。' });
  await act(dwc, 'verifyMeasure', measure, { text: '验收通过。' });
  await act(dwc, 'publishMeeting', id, { summary: '会议形成一项成果，已转化为举措并完成。' });
  await act(dwc, 'archiveJointMeeting', id);
}
