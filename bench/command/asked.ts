/** What every contender is sent: a deputy's draft, of a length that deputies write. */
export const draft = {
  title: '关于加快推进临河区老旧小区供热管网改造的建议',
  situation: '今冬以来，老旧小区供热管网多次爆裂，居民室温长期不足十八度，反映强烈。'.repeat(3),
  analysis: '管网建设年代久远，产权分散，改造资金来源单一，部门之间的责任尚未厘清。'.repeat(3),
  advice: '建议将改造列入明年民生实事项目，明确责任单位，分三年完成，逐年向代表报告。'.repeat(3),
};

/** Whose title it gives back tells the answers apart. */
export const titled = (n: number) => ({ ...draft, title: `${draft.title}（${n}）` });

export const document = `mutation Draft($input: DraftSuggestionInput!) {
  draftSuggestion(input: $input) {
    caseId
    revision
    position
    repeated
    stale
    case { id revision status title openedAt }
  }
}`;

/** What the GraphQL contenders answer. */
export type Answer = {
  readonly data?: {
    readonly draftSuggestion: {
      readonly caseId: string;
      readonly stale: boolean;
      readonly case: { readonly id: string; readonly status: string; readonly title: string };
    };
  };
  readonly errors?: unknown;
};
