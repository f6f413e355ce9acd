import type { Level } from '../../domain/kernel/region.js';
import { levels } from '../../domain/kernel/region.js';
import { facts } from '../../domain/kernel/visibility.js';
import type { Board } from '../../projections/boards/index.js';
import { boardShapes } from '../../projections/boards/index.js';
import { parts } from '../../projections/boards/shapes.js';
import type { ArgumentSpec, Class } from '../derive/classes.js';
import { instance, interfaceType, objectType } from '../derive/classes.js';
import type { Derived } from '../derive/derive.js';
import type { Kit } from '../derive/kit.js';
import { pascal } from '../derive/names.js';
import type { Shape } from '../derive/output.js';
import { RegionCode } from '../derive/scalars.js';

const titles: Record<Level, string> = {
  nation: 'The board of deputies to the National People’s Congress. 全国人大代表看板',
  autonomousRegion: 'The board of an autonomous region. 自治区级看板',
  city: 'The board of a city. 市级看板',
  county: 'The board of a county, banner or district. 旗县区级看板',
  township: 'The board of a township, sumu or street. 乡镇级看板',
};

export type BoardTypes = {
  readonly Board: Class;
  readonly view: (board: Board) => object;
  /** Which board. */
  readonly args: Readonly<Record<'level' | 'region', ArgumentSpec>>;
};

const made = new WeakMap<Kit, BoardTypes>();

/** A type for the board of each level; of one schema they are made once, whoever shows boards. */
export function boardTypes(derived: Derived): BoardTypes {
  const present = made.get(derived.kit) ?? make(derived);
  made.set(derived.kit, present);
  return present;
}

function make({ kit, cases, regions }: Derived): BoardTypes {
  const { names } = kit;
  const level = { type: () => kit.words('Level', levels, ''), description: 'Level of the board. 层级' };
  const shared = { level, region: { type: () => regions.type, description: 'Whose board it is. 区划' } };
  const BoardType = interfaceType(names.claim('Board'), 'The board of a region, by its level. 看板', shared);
  cases.shapeOf(facts({ follower: parts }), 'Board'); // the rows that several boards share are named after none of them

  const types = new Map<string, { readonly of: Class; readonly shape: Shape }>();
  for (const each of levels) {
    const name = names.claim(`${pascal(each)}Board`);
    const shape = cases.shapeOf(boardShapes[each], name);
    types.set(each, { of: objectType(name, titles[each], { ...shape.fields, ...shared }, [BoardType]), shape });
  }
  return {
    Board: BoardType,
    args: { level, region: { type: () => RegionCode } },
    view(board) {
      const type = types.get(String(board.level));
      if (!type) throw new Error(`no board of the level ${board.level}`);
      return instance(type.of, type.shape.present(board));
    },
  };
}
