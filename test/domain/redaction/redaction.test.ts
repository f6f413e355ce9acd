import { describe, expect, it } from 'vitest';
import { suggestion } from '../../../src/domain/collaboration/suggestion/suggestion.js';
import { streamOf } from '../../../src/domain/kernel/aggregate.js';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { redactionActions } from '../../../src/domain/redaction/actions.js';
import { redaction } from '../../../src/domain/wuji.js';
import { deputy, idOf, official, specOf } from '../../support/spec.js';

const county = '150802';
const lead = deputy('lead', county);
const dwc = official('DWC', county);
const organ = official('ORG', county);
const target = idOf('the suggestion');
const state = {
  ...{ status: 'REPLIED', region: county, lead: lead.mandate, registeredOn: '2026-02-03' },
  ...{ collaborators: [], cosigners: [], signatories: [{ mandate: lead.mandate }], escalations: [], leader: null },
  ...{ title: '关于修桥', organs: [{ organ: organ.organ }], originRegion: null },
  openness: { organ: organ.organ, reason: '涉及公众利益' },
  publication: { round: 1, extent: 'FULL', text: '联系人𠮷某，电话138', on: '2026-03-02', reason: '公开' },
};
const known = { [streamOf({ category: 'suggestion', id: target })]: state };
const spec = () => specOf(redaction, redactionActions(redaction, [suggestion]), { known });
const hide = {
  ...{ kind: 'suggestion', target, seen: 7, field: 'publication.text', ground: 'PERSONAL_PRIVACY' },
  basis: '〔2026〕3号',
};
const told = {
  [`mandate:${lead.mandate}`]: 'participant',
  [`office:${county}`]: 'office',
  [`government:${county}`]: 'office',
  'office:150800': 'follower',
  'office:150000': 'follower',
  'office:000000': 'follower',
  [`organ:${organ.organ}`]: 'participant',
  public: 'public',
};
const redacted = (by: { organ: string }, more: object = {}) => ({
  type: 'TextRedacted',
  data: { ...hide, passage: null, region: county, organ: by.organ, told, ...more },
});

describe('who may hide a text (P1; domain.md §3: secrets, privacy, contacts cut)', () => {
  it('the deputies’ work office of the case’s own region, any text of it', () => {
    spec().when('redactText', hide, dwc).emits(redacted(dwc));
  });

  it('the organ that released a text, that text alone', () => {
    spec().when('redactText', hide, organ).emits(redacted(organ));
    spec()
      .when('redactText', { ...hide, field: 'title' }, organ)
      .refused('REDACTION_NOT_YOURS');
    spec()
      .when('redactText', hide, official('ORG', county, { name: 'other' }))
      .refused('REDACTION_NOT_YOURS');
  });

  it('no office of another region, no deputy, no operator, no expert', () => {
    spec().when('redactText', hide, official('DWC', '150800')).refused('REDACTION_NOT_YOURS');
    const expert = { ...dwc, role: 'expert' } as const;
    for (const actor of [expert, lead, official('ADM', '150800'), official('SC', county)])
      spec().when('redactText', hide, actor).refused('NOT_ALLOWED');
  });
});

describe('what can be hidden (issue 5 part 5)', () => {
  it('text that stands there; ids, dates and fields that nobody is shown are none', () => {
    for (const field of ['status', 'publication.on', 'lead', 'nothing', 'publication.text.x'])
      spec()
        .when('redactText', { ...hide, field }, dwc)
        .refused('NO_TEXT_TO_REDACT');
  });

  it('a passage of one text, by characters', () => {
    const passage = { from: 3, to: 5 };
    spec()
      .when('redactText', { ...hide, passage }, dwc)
      .emits(redacted(dwc, { passage }));
    for (const wrong of [
      { from: 3, to: 3 },
      { from: 0, to: 12 },
    ])
      spec()
        .when('redactText', { ...hide, passage: wrong }, dwc)
        .refused('PASSAGE_NOT_IN_TEXT');
    const many = { ...hide, field: 'publication', passage };
    spec().when('redactText', many, dwc).refused('PASSAGE_NOT_IN_TEXT');
  });

  it('only those are told of it who may see the field', () => {
    const toldOf = (field: string) => {
      const { decided } = spec().when('redactText', { ...hide, field }, dwc);
      const [event] = isRefusal(decided) ? [] : decided;
      if (event?.type !== 'TextRedacted') throw new Error('nothing was hidden');
      return Object.keys(redaction.events.TextRedacted.schema.parse(event.data).told).sort();
    };
    const all = Object.keys(told).sort();
    expect(toldOf('publication.text')).toEqual(all);
    expect(toldOf('publication.reason')).toEqual(all.filter((tag) => tag !== 'public'));
    expect(toldOf('openness.reason')).toEqual([`government:${county}`, `office:${county}`]);
  });
});

describe('lifting', () => {
  const lift = { basis: '〔2026〕9号' };
  it('is for the office, or the organ that decided it, once', () => {
    spec()
      .given(redacted(organ) as never)
      .when('liftRedaction', lift, dwc)
      .emits({ type: 'TextRedactionLifted', data: lift });
    spec()
      .given(redacted(organ) as never)
      .when('liftRedaction', lift, organ)
      .emits({ type: 'TextRedactionLifted', data: lift });
    spec()
      .given(redacted(dwc) as never)
      .when('liftRedaction', lift, organ)
      .refused('NOT_ALLOWED');
    spec()
      .given(redacted(dwc) as never)
      .after('liftRedaction', lift, dwc)
      .when('liftRedaction', lift, dwc)
      .refused('WRONG_STATE');
  });
});
