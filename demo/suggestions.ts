import type { Stage } from './stage.js';
import type { Chapter } from './year.js';

/** A city suggestion: five signers of one congress, two organs, an opinion that is late, an extension, a promise. */
export async function* playCitySuggestion(stage: Stage): Chapter {
  const { cast, act, refused, see } = stage;
  const lead = await cast.deputy('D-021', '150800');
  const [liu, wulan] = [await cast.deputy('D-022', '150800'), await cast.deputy('D-023', '150800')];
  const township = await cast.deputy('D-081', '150823101');
  const dwc = await cast.official('O-05');
  const government = await cast.official('O-08');
  const [waterHead, waterClerk] = [await cast.official('O-09'), await cast.official('O-10')];
  const agriculture = await cast.official('O-11');
  const leader = await cast.official('O-03');
  const chairpersons = await cast.official('O-04');

  yield ['2026-01-13', '市人代会期间：代表提出建议 · in session: a suggestion is drafted, co-signed and handed in'];
  const { caseId: id } = await act(lead, 'draftSuggestion', null, {
    title: '关于加快河套灌区末级渠道衬砌的建议',
    situation: '末级渠道渗漏严重，灌溉用水利用率低。',
    analysis: '资金分散，管护责任不清。',
    advice: '整合资金，三年内完成末级渠道衬砌，明确管护单位。',
  });
  await act(lead, 'addCollaborator', id, { mandate: township.id });
  await act(township, 'giveCollaboration', id, { kind: 'SURVEY', text: '白彦花镇七个村组渠道渗漏调查。' });
  await refused(lead, 'inviteCosigner', id, { mandate: township.id }, 'COSIGNER_OF_OTHER_CONGRESS');
  await act(lead, 'inviteCosigner', id, { mandate: liu.id });
  await act(lead, 'inviteCosigner', id, { mandate: wulan.id });
  await act(liu, 'confirmCosign', id, { version: 1 });
  await act(wulan, 'confirmCosign', id, { version: 1 });
  await act(lead, 'submitSuggestion', id);

  yield ['2026-01-19', '立案、交办 · registered and assigned: lead and co-handler'];
  await act(dwc, 'registerSuggestion', id, { field: '农牧水利' });
  await act(chairpersons, 'designateKeySuggestion', id, { leader: leader.id });
  await act(government, 'assignSuggestion', id, {
    mode: 'LEAD_AND_CO',
    organs: [
      { organ: cast.organ('SLJ-1508'), role: 'LEAD' },
      { organ: cast.organ('NMJ-1508'), role: 'CO' },
    ],
  });
  await act(waterClerk, 'receiveAssignment', id);
  await act(agriculture, 'receiveAssignment', id);

  yield ['2026-03-03', '会办意见逾期（系统记录）· the co-handler is overdue, by the system’s own event'];
  await act(agriculture, 'submitCoOpinion', id, { text: '同意整合高标准农田资金。' });
  await refused(waterHead, 'issueReply', id, { category: 'B', text: '拟三年完成。' }, 'CONTACT_REQUIRED');
  await act(waterClerk, 'contactDeputy', id, {
    mandate: lead.id,
    way: 'VISIT',
    on: '2026-03-02',
    summary: '到灌区现场听取意见。',
  });

  yield ['2026-04-10', '申请延期并获同意 · an extension is asked for and granted'];
  await act(waterClerk, 'requestExtension', id, { until: '2026-06-30', reasons: '需与自治区水利厅衔接资金。' });
  await act(government, 'grantExtension', id, { organ: cast.organ('SLJ-1508'), answer: '同意。' });
  await act(leader, 'recordKeyVisit', id, {
    on: '2026-04-10',
    place: '乌拉特前旗白彦花镇',
    findings: '试点渠段衬砌质量良好。',
  });

  yield ['2026-06-22', '答复，三位代表分别评价 · the reply, and each signer’s own rating'];
  await act(waterHead, 'issueReply', id, {
    category: 'B',
    text: '列入三年计划，2026年先行实施四十公里。',
    promises: [{ text: '年内完成四十公里衬砌', dueOn: '2026-11-30' }],
  });
  const content = { attitude: 'SATISFIED', result: 'SATISFIED' };
  await act(lead, 'giveFeedback', id, content);
  await refused(liu, 'giveFeedback', id, { attitude: 'SATISFIED', result: 'DISSATISFIED' }, 'COMMENT_REQUIRED');
  await act(liu, 'giveFeedback', id, { attitude: 'SATISFIED', result: 'BASICALLY_SATISFIED' });
  await act(wulan, 'giveFeedback', id, content);

  yield ['2026-11-20', '承诺兑现、公开、办结、双评价 · promise kept, reply published, closed, scored twice'];
  const { promises } = await see<{ promises: { id: string }[] }>(lead, 'suggestion', id, 'promises { id }');
  await act(waterHead, 'fulfilPromise', id, { promise: promises[0]?.id, on: '2026-11-18', note: '四十公里全部完工。' });
  await act(waterHead, 'reviewOpenness', id, { extent: 'FULL', reason: '涉及公众利益，无涉密内容。' });
  await act(waterHead, 'publishReply', id, { text: '列入三年计划，2026年先行实施四十公里，已全部完工。' });
  await act(dwc, 'closeSuggestion', id);
  await act(dwc, 'scoreSuggestionQuality', id, { value: 95 });
  await act(lead, 'scoreHandlingEffect', id, { value: 92, note: '说到做到。' });
}

/** A county suggestion that is overdue, badly answered, handled again, and adopted one level up. */
export async function* playEscalation(stage: Stage): Chapter {
  const { cast, act, see } = stage;
  const county = await cast.deputy('D-041', '150802');
  const higher = await cast.deputy('D-021', '150800');
  const dwc = await cast.official('O-14');
  const government = await cast.official('O-15');
  const organ = await cast.official('O-16');

  yield ['2026-02-03', '临河区：闭会期间建议 · a county suggestion between sessions'];
  const { caseId: origin } = await act(county, 'draftSuggestion', null, {
    title: '关于治理跨旗县排干沟污染的建议',
    situation: '总排干沟上游来水水质差。',
    analysis: '污染跨旗县，区级无权协调。',
    advice: '建立上下游联防联控机制。',
  });
  await act(county, 'submitSuggestion', origin);
  await act(dwc, 'registerSuggestion', origin, { field: '生态环境', crossRegion: true });
  await act(government, 'assignSuggestion', origin, {
    mode: 'LEAD_AND_CO',
    organs: [{ organ: cast.organ('NMJ-150802'), role: 'LEAD' }],
  });
  await act(organ, 'receiveAssignment', origin);

  yield ['2026-05-06', '答复逾期后作出C类答复 · overdue (said once, by the system), then answered C'];
  await act(organ, 'contactDeputy', origin, {
    mandate: county.id,
    way: 'PHONE',
    on: '2026-05-06',
    summary: '说明困难。',
  });
  await act(organ, 'issueReply', origin, { category: 'C', text: '涉及跨旗县协调，区级暂无法解决。' });
  await act(county, 'giveFeedback', origin, {
    attitude: 'BASICALLY_SATISFIED',
    result: 'DISSATISFIED',
    comment: '问题没有解决。',
  });

  yield ['2026-05-12', '不满意，再次办理 · dissatisfied: handled again'];
  await act(dwc, 'orderRehandling', origin, { reason: '请与市生态环境局对接后再次办理。' });
  await act(organ, 'contactDeputy', origin, {
    mandate: county.id,
    way: 'MEETING',
    on: '2026-05-12',
    summary: '当面听取意见。',
  });
  yield ['2026-06-05', '第二次答复 · second reply'];
  await act(organ, 'issueReply', origin, { category: 'C', text: '已报市级协调，区级权限内措施已完成。' });
  await act(county, 'giveFeedback', origin, { attitude: 'SATISFIED', result: 'BASICALLY_SATISFIED' });

  yield [
    '2026-06-10',
    '提请上级代表，市代表采纳并另行提出 · offered to a city deputy, who adopts it as a new suggestion',
  ];
  await act(county, 'proposeEscalation', origin, { to: higher.id, reason: '跨旗县事项，需市级协调。' });
  const { caseId: adopted } = await act(higher, 'adoptSuggestion', null, {
    origin,
    title: '关于建立排干沟上下游联防联控机制的建议',
    situation: '总排干沟流经三个旗县区，责任不清。',
    analysis: '缺少市级统筹。',
    advice: '由市级建立联防联控机制。',
  });
  await act(higher, 'submitSuggestion', adopted);
  await act(await cast.official('O-05'), 'registerSuggestion', adopted, { field: '生态环境', crossRegion: true });
  await act(await cast.official('O-08'), 'assignSuggestion', adopted, {
    mode: 'LEAD_AND_CO',
    organs: [{ organ: cast.organ('STJ-1508'), role: 'LEAD' }],
  });
  const ecology = await cast.official('O-12');
  await act(ecology, 'receiveAssignment', adopted);

  yield [
    '2026-08-20',
    '市级答复，原提出人看到上级办理状态 · answered at the city; the origin sees the status, and nothing else',
  ];
  await act(ecology, 'contactDeputy', adopted, {
    mandate: higher.id,
    way: 'MEETING',
    on: '2026-08-18',
    summary: '座谈。',
  });
  await act(ecology, 'issueReply', adopted, { category: 'A', text: '联防联控机制已建立并运行。' });
  await act(higher, 'giveFeedback', adopted, { attitude: 'SATISFIED', result: 'SATISFIED' });
  const { escalations } = await see<{ escalations: { higherStatus: string | null }[] }>(
    county,
    'suggestion',
    origin,
    'escalations { higherStatus }',
  );
  if (escalations[0]?.higherStatus === null)
    throw new Error('the origin was not told of the status at the higher level');
}

/** A township suggestion, as most are: asked, answered, done. */
export async function* playTownship(stage: Stage): Chapter {
  const { cast, act } = stage;
  const deputy = await cast.deputy('D-081', '150823101');
  const presidium = await cast.official('O-23');
  const government = await cast.official('O-25');
  yield ['2026-02-10', '白彦花镇：主席团交办 · a township suggestion, assigned by the presidium'];
  const { caseId: id } = await act(deputy, 'draftSuggestion', null, {
    title: '关于修复村东便民桥的建议',
    situation: '桥面破损，学生上学绕行三公里。',
    analysis: '多年失修。',
    advice: '春灌前修复。',
  });
  await act(deputy, 'submitSuggestion', id);
  await act(presidium, 'registerSuggestion', id, { field: '基础设施' });
  await act(presidium, 'assignSuggestion', id, {
    mode: 'LEAD_AND_CO',
    organs: [{ organ: cast.organ('ZF-150823101'), role: 'LEAD' }],
  });
  await act(government, 'receiveAssignment', id);
  await act(government, 'contactDeputy', id, {
    mandate: deputy.id,
    way: 'VISIT',
    on: '2026-02-10',
    summary: '现场查看。',
  });
  yield ['2026-04-01', '桥已修好 · the bridge is repaired'];
  await act(government, 'issueReply', id, { category: 'A', text: '便民桥已修复通行。' });
  await act(deputy, 'giveFeedback', id, { attitude: 'SATISFIED', result: 'SATISFIED' });
  await act(presidium, 'closeSuggestion', id);
}
