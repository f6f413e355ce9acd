import { levels } from '../../domain/kernel/region.js';
import type { Context } from '../context.js';
import type { Cases } from './cases.js';
import type { Operations } from './classes.js';
import { instance, objectType } from './classes.js';
import type { Kit } from './kit.js';
import type { deriveRegions } from './regions.js';

/** `viewer`: as whom the bearer of the token acts. */
export function deriveViewer(kit: Kit, cases: Cases, regions: ReturnType<typeof deriveRegions>): Operations {
  const { names, words } = kit;
  const Kind = words('ViewerKind', ['anybody', 'deputy', 'official'], 'Without a token one is anybody. 身份类别');
  const Standing = words('Standing', ['elected', 'active', 'suspended', 'ended'], 'Of the mandate or post. 履职状态');
  const Level = words('Level', levels, '');
  const type = objectType(names.claim('Viewer'), 'As whom you act. 当前身份', {
    kind: { type: () => Kind },
    ...cases.reference('person'),
    ...cases.reference('mandate'),
    ...cases.reference('post'),
    ...cases.reference('organ'),
    region: { type: () => regions.type, nullable: true, description: 'Of the congress or the organ. 所属区划' },
    level: { type: () => Level, nullable: true, description: 'Of a deputy’s congress. 层级' },
    standing: { type: () => Standing, nullable: true },
    tags: {
      type: () => [String],
      description: 'What you are addressed by: cases with one of them are yours to see. 受众标签',
    },
  });

  function view({ viewer: { actor, tags } }: Context): object {
    const named = (fields: Record<string, unknown>) => instance(type, { tags, ...fields });
    switch (actor?.kind) {
      case 'deputy': {
        const { kind, person: personId, mandate: mandateId, congress, level, standing } = actor;
        return named({ kind, personId, mandateId, level, standing, region: regions.view(congress) });
      }
      case 'official': {
        const { kind, person: personId, post: postId, organ: organId, region, standing } = actor;
        return named({ kind, personId, postId, organId, standing, region: regions.view(region) });
      }
      default:
        return named({ kind: 'anybody' });
    }
  }

  return {
    viewer: {
      type: () => type,
      description: 'As whom you act. 当前身份',
      resolve: (_, context) => view(context),
    },
  };
}
