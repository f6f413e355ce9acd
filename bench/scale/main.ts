import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { tiny, usual } from './measure.js';
import { asJsonLines, asMarkdown, asText, runScale } from './report.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    /** A page with the two marks: the table between them is replaced. */
    write: { type: 'string' },
  },
});

const [begin, end] = ['<!-- the last run -->', '<!-- end of the last run -->'];

// Ends what was started: see `process.once('exit')`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const report = await runScale(values.tiny ? tiny : usual, (stage) => console.error(`… ${stage}`));
console.log(values.json ? asJsonLines(report) : asText(report));
if (values.write !== undefined) {
  const page = readFileSync(values.write, 'utf8');
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${values.write}: no marks ${begin} … ${end}`);
  const table = asMarkdown(report, new Date().toISOString().slice(0, 10));
  writeFileSync(values.write, `${before}${begin}\n${table}\n${end}${after}`);
}
