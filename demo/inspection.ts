import type { Stage } from './stage.js';
import type { Chapter } from './year.js';

/** A joint inspection of how the water law is carried out: deputies of five levels, an expert, a department head. */
export async function* playInspection(stage: Stage): Chapter {
  const { cast, act, refused } = stage;
  const office = await cast.official('O-07');
  const standing = await cast.official('O-03');
  const expert = await cast.official('E-01');
  const waterHead = await cast.official('O-09');
  const countyWater = await cast.official('O-20');
  const countyOffice = await cast.official('O-18');
  const nation = await cast.deputy('D-001', '000000');
  const region = await cast.deputy('D-011', '150000');
  const city = await cast.deputy('D-025', '150800');
  const county = await cast.deputy('D-051', '150823');
  const township = await cast.deputy('D-081', '150823101');

  yield ['2026-03-16', '黄河保护法联合执法检查：五级代表组队 · a joint inspection: the team of five levels'];
  const { caseId: id } = await act(office, 'planInspection', null, {
    kind: 'LAW_ENFORCEMENT',
    title: '黄河保护法灌区节水执法检查',
    laws: ['中华人民共和国黄河保护法'],
    planReference: '市人大常委会2026年监督工作计划第3项',
    beginsOn: '2026-03-16',
    endsOn: '2026-05-31',
    joinedRegions: ['150823'],
  });
  await act(office, 'formInspectionTeam', id, { leader: city.id });
  await refused(
    office,
    'inviteInspectionMembers',
    id,
    { parties: [nation.id], role: 'deputy', basis: 'CALLED' },
    'ENTRUSTMENT_REQUIRED',
  );
  await act(office, 'recordEntrustment', id, { reference: '内人办发〔2026〕12号', from: '150000', on: '2026-03-12' });
  await act(office, 'inviteInspectionMembers', id, {
    parties: [nation.id, region.id],
    role: 'deputy',
    basis: 'CALLED',
    entrustmentRef: '内人办发〔2026〕12号',
  });
  await act(office, 'inviteInspectionMembers', id, { parties: [county.id, township.id], role: 'deputy' });
  await act(office, 'inviteInspectionMembers', id, { parties: [expert.id], role: 'expert' });
  await act(office, 'inviteInspectionMembers', id, { parties: [waterHead.id], role: 'departmentHead' });
  for (const member of [city, nation, region, county, township, expert, waterHead])
    await act(member, 'answerInspectionInvitation', id, { accept: true });
  await act(office, 'publishInspectionPlan', id);
  await act(office, 'beginInspection', id);

  yield ['2026-03-25', '实地检查，发现问题 · site visits; an issue is found'];
  await act(township, 'recordSiteVisit', id, {
    on: '2026-03-25',
    region: '150823101',
    place: '白彦花镇三支渠',
    text: '渠道渗漏，计量设施缺失。',
  });
  const { caseId: issue } = await act(township, 'findIssue', null, {
    inspection: id,
    region: '150823101',
    title: '三支渠渗漏且无计量设施',
    severity: 'SERIOUS',
    law: '中华人民共和国黄河保护法',
    article: '第五十五条',
    evidence: '现场照片十二张，流量测量两组。',
    suspectedOrgan: cast.organ('SLJ-150823'),
  });
  await act(office, 'confirmIssue', issue);
  await act(nation, 'discussIssue', issue, { text: '建议争取国家灌区现代化改造资金。' });
  await act(county, 'proposeIssueOpinion', issue, { text: '先装计量设施，再衬砌。' });
  // P1: each congress supervises its own level's organs, so the joined banner's office sends it to the banner's bureau.
  await act(countyOffice, 'transferIssue', issue, { organ: cast.organ('SLJ-150823'), dueOn: '2026-06-30' });
  await act(countyWater, 'beginRectification', issue, { plan: '五月底前装表，六月底前衬砌两公里。' });

  yield ['2026-05-20', '报告、审议、转办 · report, deliberation, opinions sent to the organ'];
  await act(city, 'submitInspectionReport', id, {
    evaluation: '法律总体得到落实。',
    problems: '计量设施覆盖率低，末级渠道渗漏。',
    advice: '三年内实现计量全覆盖。',
  });
  await act(standing, 'deliberateReport', id, { deliberation: '同意报告，转市水利局办理。' });
  await act(office, 'transferOpinions', id, {
    opinions: [{ organ: cast.organ('SLJ-1508'), text: '制定计量设施三年计划。', dueOn: '2026-08-31' }],
  });

  yield ['2026-07-06', '整改逾期、被退回，再整改 · rectification overdue, rejected, done again'];
  await act(countyWater, 'reportRectification', issue, { text: '已装计量设施，衬砌一公里。' });
  await act(countyOffice, 'rejectRectification', issue, { verdict: '衬砌未完成。', dueOn: '2026-08-15' });
  await act(countyWater, 'reportRectification', issue, { text: '两公里衬砌全部完成。' });
  await act(countyOffice, 'verifyRectification', issue, { verdict: '现场核实，整改到位。' });
  await act(office, 'closeIssue', issue, { verdict: '销号。' });

  yield ['2026-08-25', '办理情况报告、公布 · handling reported and published'];
  const cityWater = await cast.official('O-09');
  await act(office, 'giveCommitteeView', id, { organ: cast.organ('SLJ-1508'), text: '计划可行。' });
  await act(cityWater, 'reportHandling', id, { text: '三年计划已印发。' });
  await act(office, 'publishInspectionResult', id, {
    report: '检查报告摘要。',
    opinions: '审议意见。',
    response: '办理情况。',
  });
  await act(office, 'closeInspection', id);
}

/** An issue that the county cannot solve goes up through a national deputy’s suggestion, handled outside. */
export async function* playIssueEscalation(stage: Stage): Chapter {
  const { cast, act } = stage;
  const office = await cast.official('O-07');
  const city = await cast.deputy('D-025', '150800');
  const nation = await cast.deputy('D-001', '000000');
  const region = await cast.deputy('D-011', '150000');
  yield ['2026-04-08', '乌梁素海生态补水：需要国家支持的问题 · an issue that needs the nation’s support'];
  const { caseId: survey } = await act(office, 'planInspection', null, {
    kind: 'SURVEY',
    title: '乌梁素海生态补水专题调研',
    laws: [],
    planReference: '市人大常委会2026年监督工作计划第5项',
    beginsOn: '2026-04-08',
    endsOn: '2026-06-30',
    joinedRegions: ['150823'],
  });
  await act(office, 'formInspectionTeam', survey, { leader: city.id });
  await act(office, 'inviteInspectionMembers', survey, {
    parties: [nation.id, region.id],
    role: 'deputy',
    basis: 'INVITED',
  });
  for (const member of [city, nation, region])
    await act(member, 'answerInspectionInvitation', survey, { accept: true });
  await act(office, 'beginInspection', survey);
  const { caseId: issue } = await act(city, 'findIssue', null, {
    inspection: survey,
    region: '150823',
    title: '生态补水指标不足',
    severity: 'MODERATE',
    evidence: '近三年补水量统计。',
  });
  await act(office, 'confirmIssue', issue);
  await act(city, 'proposeIssueEscalation', issue, { to: nation.id });
  const { caseId: suggestion } = await act(nation, 'draftSuggestion', null, {
    title: '关于增加乌梁素海生态补水指标的建议',
    situation: '补水指标连续三年不足。',
    analysis: '黄河水量分配方案未计入生态需水。',
    advice: '在分配方案调整中予以考虑。',
    issue,
  });
  await act(nation, 'submitSuggestion', suggestion);
  await act(nation, 'recordExternalHandling', suggestion, { number: '第1508号', status: 'ASSIGNED', on: '2026-04-08' });
  yield ['2026-07-15', '国家层面答复 · answered at the national level'];
  await act(nation, 'recordExternalHandling', suggestion, { number: '第1508号', status: 'REPLIED', on: '2026-07-15' });
}
