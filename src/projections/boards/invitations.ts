import { z } from 'zod';
import { inspection } from '../../domain/collaboration/inspection/inspection.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { flag, oneOf, region, storedText } from '../../domain/kernel/fields.js';
import { levels } from '../../domain/kernel/region.js';
import { facts } from '../../domain/kernel/visibility.js';
import { jointMeeting } from '../../domain/organization/joint-meeting/joint-meeting.js';
import { readModel } from '../kernel/read-model.js';

const shape = facts({
  internal: {
    category: storedText(['Kind of the case.', '事项类别']),
    case: z.uuid(),
    party: z.uuid(),
    region: region(['Region of the congress or organ of the invited.', '受邀方所属区划']),
    level: oneOf(levels, ['Level of the mandate.', '代表层级']).nullable(),
    answer: oneOf(['PENDING', 'ACCEPTED', 'DECLINED'], ['Answer.', '答复']),
    present: flag(['Came.', '是否到会']),
    on: storedText(['Invited at.', '邀请时间']),
  },
});
type Invited = { readonly party: string; readonly region: string; readonly level: z.infer<typeof shape>['level'] };
type At = { readonly stream: string; readonly effectiveAt: string };

const invited = (_: unknown, { stream, effectiveAt, data }: At & { readonly data: Invited }): z.infer<typeof shape> => {
  const { category, id } = refOfStream(stream);
  const { party, region: of, level } = data;
  return { category, case: id, party, region: of, level, answer: 'PENDING', present: false, on: effectiveAt };
};
type Answered = { readonly data: { readonly answer: z.infer<typeof shape>['answer'] } };
const answered = (row: z.infer<typeof shape> | undefined, { data }: Answered) => row && { ...row, answer: data.answer };

/**
 * Who is invited to what: one row for each invitation, because a meeting can have thousands. Who was taken out again
 * was not invited.
 */
export const invitations = readModel({
  name: 'invitations',
  version: 1,
  shape,
  from: [jointMeeting, inspection],
  keysOf: ({ stream, data }) => [`${refOfStream(stream).id} ${data.party}`],
  on: {
    ParticipantInvited: invited,
    InvitationAnswered: answered,
    ParticipantCheckedIn: (row) => row && { ...row, answer: 'ACCEPTED' as const, present: true },
    ParticipantRemoved: () => undefined,
    MemberInvited: invited,
    MemberAnswered: answered,
    MemberRemoved: () => undefined,
  },
  indexes: { byParty: ({ party, answer, on }) => [[party, answer, on]] },
  rollups: {
    byRegion: (row) => {
      if (!row.level) return [];
      const counted = [
        ['INVITED'],
        row.answer === 'PENDING' ? [] : [row.answer],
        row.present ? ['PRESENT'] : [],
      ].flat();
      return counted.map((what) => [row.region, row.category, what]);
    },
  },
});
