import type { Actor, OrganKind } from '../kernel/actor.js';
import { deputyWho, officialWho } from '../kernel/actor.js';
import type { Refusal } from '../kernel/refusal.js';
import type { RegionCode } from '../kernel/region.js';
import { isWithin, levelOf } from '../kernel/region.js';
import { registerRefusals as refusals } from './refusals.js';

/** Authority rules that many kinds of case share. `State` only has to have a region. */
type InRegion = { readonly region: RegionCode };

export const anyDeputy = deputyWho(['a deputy', '人大代表']);

/** An office of the congress of the case's own region (P1: each congress looks after its own). */
export const officeOf = (...kinds: OrganKind[]) =>
  officialWho<InRegion>(
    [`${kinds.join('/')} of the case's own region`, `本级${kinds.map((kind) => officeNames[kind]).join('、')}`],
    (official, state) => kinds.includes(official.organKind) && official.region === state.region,
  );

/** The same before there is a case: any office of these kinds, at any of these levels. */
export const anyOffice = (...kinds: OrganKind[]) =>
  officialWho([kinds.join('/'), kinds.map((kind) => officeNames[kind]).join('、')], (official) =>
    kinds.includes(official.organKind),
  );

export const officeNames: Record<OrganKind, string> = {
  SC: '常委会',
  COC: '主任会议',
  DWC: '代表工委',
  SPC: '专委、工委',
  PRES: '主席团',
  STW: '街道人大工委',
  SEC: '大会秘书处',
  GOVO: '政府办公室',
  ORG: '承办单位',
  JUD: '监委、法院、检察院',
  ADM: '平台运维',
  AUD: '审计监督',
};

const registrars: readonly OrganKind[] = ['SC', 'DWC', 'PRES', 'ADM'];

/**
 * Who keeps the register of a region's deputies and organs: the deputies' work committee or presidium of the region or
 * of one above it; for deputies of the nation and the autonomous region, who are elected elsewhere, the city's.
 */
export const keepsRegisterOf = (official: { organKind: OrganKind; region: RegionCode }, region: RegionCode): boolean =>
  registrars.includes(official.organKind) &&
  (isWithin(region, official.region) || (levelOf(official.region) === 'city' && isWithin(official.region, region)));

export const anyRegistrar = officialWho(['the deputies’ work committee or presidium', '代表工委或主席团'], (official) =>
  registrars.includes(official.organKind),
);
export const registrar = officialWho<InRegion>(
  ['the deputies’ work committee or presidium in charge of the region', '负责该区划的代表工委或主席团'],
  (official, state) => keepsRegisterOf(official, state.region),
);

/** Kinds of organ whose members read what nobody has addressed to them. */
export const seesMore = (kind: OrganKind | undefined): boolean => kind === 'ADM' || kind === 'AUD';

/**
 * Whoever keeps the register could otherwise make itself the platform's operator or an auditor, and read what is not
 * addressed to it: such organs and posts are entered, changed and ended by the system and the operator alone.
 */
export const refusalOfOperator = (actor: Actor, ...kinds: readonly (OrganKind | undefined)[]): Refusal | undefined => {
  const operates = actor.kind === 'system' || (actor.kind === 'official' && actor.organKind === 'ADM');
  return kinds.some(seesMore) && !operates ? refusals.OPERATOR_ONLY() : undefined;
};
