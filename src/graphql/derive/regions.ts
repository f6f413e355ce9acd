import { ancestorsOf, isWithin, levelOf, levels } from '../../domain/kernel/region.js';
import { childrenOf, divisionOf, divisions } from '../../domain/organization/divisions.js';
import type { Class, Operations } from './classes.js';
import { instance, objectType } from './classes.js';
import type { Kit } from './kit.js';
import { RegionCode } from './scalars.js';

const kinds = ['nation', 'autonomousRegion', 'city', 'county', 'town', 'sumu', 'township', 'street', 'other'];

/** Divisions: what the code of a region stands for. */
export function deriveRegions({ names, words }: Kit) {
  const Level = words('Level', levels, '');
  const Kind = words('RegionKind', kinds, 'Kinds of divisions. 区划类别');
  const view = (code: string): object => {
    const division = divisionOf(code);
    return instance(type, { code, name: division?.name ?? null, kind: division?.kind ?? null, level: levelOf(code) });
  };
  const type: Class = objectType(names.claim('Region'), 'An administrative division. 行政区划', {
    code: { type: () => RegionCode, description: 'GB/T 2260; townships have three more digits. 区划代码' },
    name: {
      type: () => String,
      nullable: true,
      description: 'Official Chinese name; null when the division is not known here. 名称',
    },
    level: { type: () => Level, description: 'Follows from the code. 层级' },
    kind: { type: () => Kind, nullable: true, description: 'Township-level kinds differ: town, sumu, street. 类别' },
    parent: {
      type: () => type,
      nullable: true,
      description: 'The division just above. 上级区划',
      resolve: ({ code }) => {
        const above = ancestorsOf(String(code))[1];
        return above === undefined ? null : view(above);
      },
    },
    children: {
      type: () => [type],
      description: 'The divisions just below. 下级区划',
      resolve: ({ code }) => childrenOf(String(code)).map((child) => view(child.code)),
    },
  });

  const queries: Operations = {
    region: {
      type: () => type,
      nullable: true,
      description: 'A division by its code; null when it is not known here. 行政区划',
      args: { code: { type: () => RegionCode } },
      resolve: ({ code }) => (divisionOf(String(code)) ? view(String(code)) : null),
    },
    regions: {
      type: () => [type],
      description: 'Divisions, higher levels first. 行政区划列表',
      args: {
        within: { type: () => RegionCode, nullable: true, description: 'This one and those below it. 所辖范围' },
        level: { type: () => Level, nullable: true },
      },
      resolve: ({ within, level }) =>
        divisions
          .filter(({ code }) => typeof within !== 'string' || isWithin(code, within))
          .filter(({ code }) => !level || levelOf(code) === level)
          .map(({ code }) => view(code)),
    },
  };
  return { type, view, queries };
}
