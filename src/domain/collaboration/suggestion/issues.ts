import type { Deputy } from '../../kernel/actor.js';
import { classIn, tagsOf } from '../../kernel/actor.js';
import type { Refusal } from '../../kernel/refusal.js';
import { kernelRefusals } from '../../kernel/refusals.js';
import { isWithin } from '../../kernel/region.js';
import type { Issue } from '../issue/issue.js';
import { issue } from '../issue/issue.js';
import { suggestionRefusals as refusals } from './refusals.js';

/**
 * Why the deputy cannot found a suggestion on the issue. One who may not see it is told what is told of an issue that
 * does not exist; a matter of another region is not for his or her congress (P1, P2).
 */
export function refusalOfIssue(id: string, state: Issue | undefined, deputy: Deputy): Refusal | undefined {
  if (!state || !classIn(issue.audience(state, id), tagsOf(deputy))) return kernelRefusals.NOT_FOUND();
  return isWithin(state.region, deputy.congress) ? undefined : refusals.ISSUE_OF_OTHER_REGION({ region: state.region });
}
