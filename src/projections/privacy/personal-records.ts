import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import { storedText } from '../../domain/kernel/fields.js';
import { holdsPersonal, personalIn } from '../../domain/kernel/personal.js';
import { facts } from '../../domain/kernel/visibility.js';
import { wuji } from '../../domain/wuji.js';
import type { ReadModel } from '../kernel/read-model.js';

export type PersonalRecord = { readonly subject: string; readonly stream: string };

const schemas = new Map(
  [...wuji.events].flatMap(([type, { schema }]) => (holdsPersonal(schema) ? [[type, schema] as const] : [])),
);

/** In which cases something personal of a subject is recorded: what an access request asks for. */
export const personalRecords: ReadModel<PersonalRecord> = {
  name: 'personal-records',
  version: 1,
  shape: facts({
    internal: { subject: storedText(['Whose.', '信息主体']), stream: storedText(['In which case.', '所在事项']) },
  }),
  concerns: { types: new Set(schemas.keys()) },
  keysOf: (event) => subjectsIn(event).map((subject) => `${subject} ${event.stream}`),
  fold(row, event, key) {
    const [subject = ''] = key.split(' ');
    return row ?? { subject, stream: event.stream };
  },
  indexes: { bySubject: ({ subject, stream }) => [[subject, stream]] },
  rollups: {},
};

function subjectsIn({ type, data, stream }: RecordedEvent): readonly string[] {
  const schema = schemas.get(type);
  return schema ? [...new Set(personalIn(schema, data, refOfStream(stream).id).map(({ subject }) => subject))] : [];
}
