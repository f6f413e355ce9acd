import { type Bilingual, filled } from '../domain/kernel/refusal.js';
import { ReadsUnavailable } from '../projections/kernel/ports.js';

const TEXT: Bilingual = [
  'Row {key} of the read model {table} is not as it was written. Check the disk or Redis; `wuji projections rebuild {name}` makes it again from the log.',
  '读模型{table}的行{key}已损坏。请检查磁盘或Redis；可用 `wuji projections rebuild {name}` 从日志重建。',
];

/** What is stored of a row is no row: it is named, and made again from the log. */
export class RowDamaged extends ReadsUnavailable {
  override readonly name = 'RowDamaged';
  readonly text: Bilingual;

  constructor(table: string, key: string, cause: unknown) {
    const text = filled(TEXT, { table, key, name: table.split('@')[0] ?? table });
    super(text[0], { cause });
    this.text = text;
  }
}

/** The row that `read` takes apart. Throws `RowDamaged` when it is no JSON. */
export function rowIn(table: string, key: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) throw new RowDamaged(table, key, error);
    throw error;
  }
}
