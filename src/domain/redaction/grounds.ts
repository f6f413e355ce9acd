import type { Bilingual } from '../kernel/refusal.js';
import type { ViewerClass } from '../kernel/visibility.js';

/**
 * Why something is hidden, by which law, and in whose eyes the original stays: those of at least this class in the case
 * go on seeing it; `null`: nobody does. Everybody who may see the case sees the trace. Where the articles were read, and what
 * they bind: docs/redaction.md.
 */
type Ground = { readonly term: Bilingual; readonly source: Bilingual; readonly originalFor: ViewerClass | null };

export const grounds = {
  STATE_SECRET: {
    term: ['State secret', '国家秘密'],
    source: ['Regulations on Open Government Information art. 14', '《政府信息公开条例》第十四条'],
    originalFor: null,
  },
  PERSONAL_PRIVACY: {
    term: ['Personal privacy', '个人隐私'],
    source: [
      'Civil Code art. 1032; Regulations on Open Government Information art. 15',
      '《民法典》第一千零三十二条、《政府信息公开条例》第十五条',
    ],
    originalFor: 'participant',
  },
  TRADE_SECRET: {
    term: ['Trade secret', '商业秘密'],
    source: ['Regulations on Open Government Information art. 15', '《政府信息公开条例》第十五条'],
    originalFor: 'participant',
  },
  MINOR: {
    term: ['A minor could be identified', '未成年人信息'],
    source: ['Law on the Protection of Minors arts 4, 103', '《未成年人保护法》第四条、第一百零三条'],
    originalFor: 'office',
  },
  COURT_ORDER: {
    term: ['Court order', '法院裁定'],
    source: ['Civil Code art. 997', '《民法典》第九百九十七条'],
    originalFor: null,
  },
  WRONG_PUBLICATION: {
    term: ['Published by mistake', '公开有误'],
    source: [
      'Regulations on Open Government Information arts 6, 41; General Office of the State Council [2014] No. 46',
      '《政府信息公开条例》第六条、第四十一条、国办发〔2014〕46号',
    ],
    originalFor: 'participant',
  },
} as const satisfies Record<string, Ground>;

export type GroundName = keyof typeof grounds;
export const groundNames = Object.keys(grounds) as [GroundName, ...GroundName[]];
/** The same, without what each one is. */
export const groundOf = (name: GroundName): Ground => grounds[name];
