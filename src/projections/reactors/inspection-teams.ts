import { inspection } from '../../domain/collaboration/inspection/inspection.js';
import { issue } from '../../domain/collaboration/issue/issue.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { issueModel } from '../cases/supervision.js';
import type { ReactorTools } from '../kernel/reactor.js';
import { defineReactor } from '../kernel/reactor.js';
import { keysUnder } from './scan.js';

/** The issues of an inspection are its team's: who joins sees them, who is taken out sees nothing further. */
const refresh = async ({ stream }: { readonly stream: string }, { view }: ReactorTools) => {
  const issues = await keysUnder(view, issueModel, 'byInspection', [refOfStream(stream).id]);
  return issues.map((id) => ({ action: 'refreshIssueTeam', id, input: {} }));
};

export const inspectionTeams = defineReactor({
  name: 'inspection-teams',
  from: [inspection, issue],
  on: {
    MemberAnswered: refresh,
    MemberRemoved: refresh,
    // A member may have been taken out while the issue was being recorded.
    IssueFound: ({ stream }) => [{ action: 'refreshIssueTeam', id: refOfStream(stream).id, input: {} }],
  },
});
