import { createApi, type Refused } from '../../../demo/api.js';
import { until as comesTrue } from '../../e2e/support/crowd.js';

type Issue = (person: string, post: string) => Promise<string>;
export type Voter = { readonly person: string; readonly post: string; readonly token: string };

/** A standing committee of so many members, who hold posts in it, and its office; entered through the public API. */
export async function openHall(url: string, operator: string, issue: Issue, members = 6) {
  const { act, ask } = createApi(url);
  const registered = { code: 'SC', region: '150800', kind: 'SC', name: '市人大常委会' };
  const { caseId: organ } = await act(operator, 'registerOrgan', null, registered);
  const voters: Voter[] = [];
  for (let n = 0; n < members; n++) {
    const entered = { code: `V-${n}`, region: '150800', name: `委员${n}` };
    const { caseId: person } = await act(operator, 'registerPerson', null, entered);
    const { caseId: post } = await act(operator, 'assignPost', null, { person, organ, role: 'leader' });
    voters.push({ person, post, token: await issue(person, post) });
  }
  const office = voters[0]?.token ?? '';
  const statusOf = async (id: string): Promise<string> => {
    const query = 'query ($id: ID!) { ballot(id: $id) { status } }';
    return (await ask<{ ballot: { status: string } | null }>(office, query, { id })).ballot?.status ?? 'NONE';
  };
  const until = (id: string, status: string) =>
    comesTrue(`the ballot is ${status}`, async () => (await statusOf(id)) === status);

  return {
    voters,
    office,
    until,
    /** Resolves when the box is ready. */
    async call(): Promise<string> {
      const asked = {
        kind: 'SATISFACTION',
        question: '是否满意',
        closesOn: '2199-12-31',
        voters: voters.map(({ post }) => post),
      };
      const { caseId } = await act(office, 'openBallot', null, asked);
      await until(caseId, 'OPEN');
      return caseId;
    },
    close: (id: string) => act(office, 'closeBallot', id),
  };
}

/** The receipt, or the code of the refusal. */
export async function castAt(url: string, token: string, id: string, picks: readonly number[]): Promise<string> {
  const query = 'mutation ($id: ID!, $input: CastBallotInput!) { castBallot(id: $id, input: $input) { receipt } }';
  try {
    const { castBallot } = await createApi(url).ask<{ castBallot: { receipt: string } }>(token, query, {
      id,
      input: { picks },
    });
    return castBallot.receipt;
  } catch (error) {
    return (error as Refused).code;
  }
}

export const counted =
  'query ($id: ID!) { ballot(id: $id) { status ballots { picks } receipts tally { choice votes } spoiled verdict } }';
export type Counted = {
  readonly ballot: {
    readonly status: string;
    readonly ballots: readonly { readonly picks: readonly number[] }[] | null;
    readonly receipts: readonly string[] | null;
    readonly tally: readonly { readonly choice: string; readonly votes: number }[] | null;
    readonly spoiled: number | null;
    readonly verdict: string | null;
  };
};
export const isReceipt = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
