import type { Actor } from '../../domain/kernel/actor.js';
import { seesAsOffice } from '../../domain/kernel/actor.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { defineRefusals } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Level, RegionCode } from '../../domain/kernel/region.js';
import { isWithin, levelOf } from '../../domain/kernel/region.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { isKnownRegion } from '../../domain/organization/divisions.js';
import { registerRefusals } from '../../domain/organization/refusals.js';
import type { Hiding } from '../redaction/cut.js';

/** Who looks at a board. `null` is anybody. */
export type Watcher = { readonly actor: Actor | null; readonly tags: readonly string[] };

/** Which board, and for whom. */
export type Place = { readonly region: RegionCode; readonly viewer: Watcher; readonly redactions: Hiding };

export const boardRefusals = defineRefusals({
  WRONG_LEVEL: {
    message: [
      'Region {region} has a board of the level {level}, not {asked}.',
      '{region}的看板层级为{level}，不是{asked}。',
    ],
    next: ['Ask for the board of the level {level}.', '请查询层级为{level}的看板。'],
  },
});

/**
 * Row-level scope (domain.md §4): the regions within the region of a mandate or post that is in force. Offices of the
 * congress and the auditor see all of a board, the government office what is its work, deputies what concerns them all. A department's
 * board is its inbox; the operator sees no case.
 */
export function classOnBoard(actor: Actor | null, region: RegionCode): ViewerClass | undefined {
  if (!actor || actor.kind === 'system' || actor.standing !== 'active') return undefined;
  if (actor.kind === 'deputy') return isWithin(region, actor.congress) ? 'follower' : undefined;
  if (!isWithin(region, actor.region)) return undefined;
  if (seesAsOffice.includes(actor.organKind)) return 'office';
  return actor.organKind === 'GOVO' ? 'participant' : undefined;
}

/** The class in which the viewer may watch the board, or why not. */
export function mayWatch(
  viewer: Watcher,
  level: string,
  region: RegionCode,
): { readonly level: Level; readonly viewerClass: ViewerClass } | Refusal {
  if (!isKnownRegion(region)) return registerRefusals.UNKNOWN_REGION({ region });
  const own = levelOf(region);
  if (own !== level) return boardRefusals.WRONG_LEVEL({ region, level: own, asked: level });
  const viewerClass = classOnBoard(viewer.actor, region);
  if (viewerClass) return { level: own, viewerClass };
  return kernelRefusals.NOT_ALLOWED({
    who: 'deputies, congress offices and the government office of the region or of one above it, while in force',
    zhWho: '本区划或上级区划在任的代表、人大机构和政府办公室',
  });
}
