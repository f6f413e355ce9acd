import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** Text of a certain form. The domain's own schemas have the last word on inputs; this only turns away what is no such thing. */
const textual = (name: string, description: string, form: RegExp): GraphQLScalarType<string, string> => {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && form.test(value)) return value;
    throw new GraphQLError(`${name} cannot represent ${JSON.stringify(value) ?? 'nothing'}.`);
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => String(value),
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
};

export const Day = textual('Day', 'A day in Asia/Shanghai, `YYYY-MM-DD`. 日期（北京时间）', /^\d{4}-\d\d-\d\d$/);
export const Instant = textual(
  'Instant',
  'An instant in UTC, ISO 8601: `2026-03-02T02:00:00.000Z`. 时刻（UTC）',
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z$/,
);
export const Position = textual(
  'Position',
  'A place in the log. Opaque: give it back as it was received. Two of them compare as strings. 日志位置',
  /^[\w-]{1,64}$/,
);
export const RegionCode = textual(
  'RegionCode',
  'Code of a division: GB/T 2260, for townships with three more digits. 行政区划代码',
  /^\d{6}(\d{3})?$/,
);
