import type { OrganKind } from '../../kernel/actor.js';
import type { RegionCode } from '../../kernel/region.js';
import { levelOf } from '../../kernel/region.js';
import type { inspectionKinds, memberRoles } from './shapes.js';

type Role = (typeof memberRoles)[number];
type Held = { readonly role: string; readonly organKind: OrganKind; readonly region: RegionCode };
/** What is known of those who are invited. */
type Seen = {
  readonly mandates: readonly { readonly id: string; readonly state: { readonly region: RegionCode } | undefined }[];
  readonly posts: readonly { readonly id: string; readonly state: Held | undefined }[];
};
type Activity = {
  readonly kind: (typeof inspectionKinds)[number];
  readonly region: RegionCode;
  readonly joinedRegions: readonly RegionCode[];
};

/** A deputy takes part under a mandate, an expert and a department head under such a post. */
export function fits(id: string, role: Role, { mandates, posts }: Seen, activity: Activity): boolean {
  const held = posts.find((one) => one.id === id)?.state;
  const seat = mandates.find((one) => one.id === id)?.state;
  switch (role) {
    case 'deputy':
      return seat !== undefined;
    case 'scMember':
      return isMember(activity, seat, held);
    case 'expert':
      return held?.role === 'expert';
    case 'departmentHead':
      return held?.role === 'head' || held?.role === 'leader';
  }
}

/**
 * Members of the standing committee sit in it by a post, or come under the mandate that they hold in its congress, as
 * the office vouches. An inspection also takes members of special committees (Supervision Law art. 32), and those of a
 * region that holds it too; at a special inquiry the committee that holds it asks, and no other (art. 46).
 */
function isMember({ kind, region, joinedRegions }: Activity, seat: { region: RegionCode } | undefined, held?: Held) {
  const regions = kind === 'SPECIAL_INQUIRY' ? [region] : [region, ...joinedRegions];
  if (seat) return regions.includes(seat.region);
  if (!held || held.role === 'expert' || !regions.includes(held.region)) return false;
  if (levelOf(held.region) === 'township') return held.organKind === 'PRES';
  return held.organKind === 'SC' || (held.organKind === 'SPC' && kind !== 'SPECIAL_INQUIRY');
}
