import { z } from 'zod';
import { inspection } from '../collaboration/inspection/inspection.js';
import { lastReport } from '../collaboration/inspection/reports.js';
import { systemWho } from '../kernel/actor.js';
import { day, listOf, oneOf, ref, text } from '../kernel/fields.js';
import { neededFor, party } from '../organization/joint-meeting/calling.js';
import { anyOffice } from '../organization/who.js';
import { ballot } from './ballot.js';
import { ballotRefusals as refusals } from './refusals.js';
import { kinds, leastVoters, mostChoices, mostVoters, satisfactionChoices } from './shapes.js';

/** Calling a ballot, and setting up its box. All that is asked is fixed at the start: nothing of it can be changed later. */
export const openingActions = {
  openBallot: ballot.create({
    describe: [
      'Call a secret ballot of the congress’s deputies or of the members on a roll.',
      '发起无记名投票，由本级全体代表或名册所列人员投票。',
    ],
    by: [anyOffice('SC', 'COC', 'DWC', 'SPC', 'PRES')],
    input: z.object({
      kind: oneOf(kinds, ['Satisfaction test or any other question.', '满意度测评或其他表决']),
      question: text(300, ['What is asked.', '投票事项']),
      choices: listOf(text(100, ['Choice.', '选项']), mostChoices, [
        'Choices; a satisfaction test has its own.',
        '选项，满意度测评无需填写',
      ]).nullish(),
      most: z
        .int()
        .min(1)
        .max(mostChoices)
        .describe('Most choices on a valid ballot; 1 if absent. 有效票最多可选项数，默认为1')
        .nullish(),
      voters: listOf(party(['Mandate or post.', '代表职务或岗位']), mostVoters, [
        'The roll; absent: all deputies of the congress. Two mandates of a person are one voter.',
        '投票人名册，不填为本级全体代表；同一人的多个职务按一人计',
      ]).nullish(),
      closesOn: day(['Last day of voting.', '投票截止日期']),
      inspection: ref('inspection', ['Inspection whose handling is rated.', '所测评的监督活动']).nullish(),
      organ: ref('organ', ['Organ that is rated.', '被测评单位']).nullish(),
    }),
    needs: (input) => ({
      ...neededFor(input.voters ?? []),
      inspections: input.inspection ? [inspection.at(input.inspection)] : [],
    }),
    decide: ({ input, ctx, facts: { mandates, posts, inspections } }) => {
      const { region } = ctx.actor;
      const { kind, question, closesOn } = input;
      const test = kind === 'SATISFACTION';
      const choices = test ? [...satisfactionChoices] : (input.choices ?? []);
      const most = input.most ?? 1;
      const own = test && (input.choices || most > 1);
      if (own || new Set(choices).size !== choices.length || choices.length < 2 || most > choices.length)
        return refusals.BALLOT_CHOICES();
      if (closesOn < ctx.today) return refusals.BALLOT_DAY_PAST({ on: closesOn });
      if (test && !input.voters) return refusals.ROLL_REQUIRED();

      const roll: { party: string; person: string }[] = [];
      for (const id of new Set(input.voters ?? [])) {
        const seat = mandates.find((one) => one.id === id)?.state;
        const held = posts.find((one) => one.id === id)?.state;
        const sits =
          held?.status === 'HELD' && held.role !== 'expert' && (held.organKind === 'SC' || held.organKind === 'PRES');
        const voter = seat?.status === 'ACTIVE' ? seat : sits ? held : undefined;
        if (voter?.region !== region) return refusals.NOT_A_VOTER_HERE();
        roll.push({ party: id, person: voter.person });
      }
      const members = input.voters ? new Set(roll.map(({ person }) => person)).size : null;
      if (members !== null && members < leastVoters)
        return refusals.ELECTORATE_TOO_SMALL({ members, least: leastVoters });

      const [inspected = null, organ = null] = [input.inspection, input.organ];
      let round: number | null = null;
      if (inspected !== null || organ !== null) {
        const about = inspections[0]?.state;
        const last = about && organ !== null ? lastReport(about, organ) : undefined;
        if (!test || about?.region !== region || !last?.made) return refusals.NOTHING_TO_RATE();
        if (last.rated) return refusals.REPORT_ALREADY_RATED();
        round = last.round;
      }
      const electorate = members === null ? 'CONGRESS' : 'ROLL';
      const asked = { region, kind, question, choices, most, closesOn, electorate, members } as const;
      return [{ type: 'BallotOpened', data: { ...asked, inspection: inspected, organ, round, roll } }];
    },
  }),
  readyBallotBox: ballot.action({
    describe: [
      'Record that an empty box was set up: from now on ballots are taken (by the system).',
      '登记票箱已检查封好，开始投票。',
    ],
    from: ['PREPARED'],
    by: [systemWho],
    input: z.object({ box: z.uuid().describe('The box. 票箱标识') }),
    decide: ({ input }) => [{ type: 'BallotBoxReadied', data: input }],
  }),
};
