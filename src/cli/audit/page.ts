import { z } from 'zod';
import { canonical } from '../../domain/kernel/canonical.js';
import { isSealed } from '../../domain/kernel/personal.js';
import type { CaseFile, ProvenEvent } from '../../domain/proof/case-file.js';
import { caseFile } from '../../domain/proof/case-file.js';

/**
 * A case's file: one page of HTML that holds the data too, as canonical JSON. The page follows from the data alone, so a
 * changed page is found by making it anew. Once a version of it is published it stays; a new look is a new version.
 */
export function pageOf(given: CaseFile): string {
  const data = canonical(given);
  // Its fields in the order of their names, whoever gave it: what the page shows is what a reader of the file will find.
  const file = caseFile.parse(JSON.parse(data));
  const { case: about, head, events } = file;
  return `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`${about.zh} ${about.en} ${about.id}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(`${about.zh} ${about.en}`)}</h1>
<p><code>${escaped(about.id)}</code></p>
<p class="note">本页只有经过核验才可采信：<code>wuji audit verify</code>。 Trust this page only when <code>wuji audit verify</code> has proved it.</p>
${listOf([
  ['导出时间 Made at', timeOf(file.madeAt)],
  ['事件数 Events', String(events.length)],
  ['日志事件数 Events in the log', String(head.size)],
  ['签署时间 Signed at', timeOf(head.time)],
  ['树根 Root', code(head.root)],
  ['密钥指纹 Key', code(head.key)],
])}
<h2>办理过程 History</h2>
${events.map((event) => sectionOf(file, event)).join('\n')}
${open}${data.replaceAll('<', '\\u003c')}${close}
</body>
</html>
`;
}

/** Of one column on a telephone, of two where there is room; on paper no event is torn. */
const style = `
body { color: #1c1c1c; background: #fff; font: 16px/1.6 system-ui, sans-serif; margin: 1.5rem auto; max-width: 56rem; padding: 0 1rem; }
h1, h3, p { margin: 0; }
h2 { margin: 2rem 0 1rem; }
h3 { font-size: 1rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr); gap: .2rem 1rem; margin: .5rem 0 0; }
dt { color: #555; overflow-wrap: anywhere; }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
dd dl { grid-template-columns: max-content minmax(0, 1fr); border-left: 2px solid #ddd; margin: 0 0 .3rem; padding-left: .7rem; }
code { font-size: .85em; overflow-wrap: anywhere; }
.note { background: #fdf3d8; border-left: 4px solid #d9a400; margin: 1rem 0; padding: .5rem .8rem; }
section { border: 1px solid #ccc; border-radius: .4rem; break-inside: avoid; margin: 0 0 .8rem; padding: .7rem .9rem; }
section > p { color: #555; font-size: .9rem; }
.withheld { background: #f4f4f4; border-style: dashed; }
.sealed { background: #eef1f6; border-radius: .3rem; color: #444; padding: 0 .4rem; }
@media (max-width: 40rem) {
dl, dd dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
dt { font-size: .85rem; margin-top: .4rem; }
}
`;

const open = '<script type="application/json" id="wuji">';
const close = '</script>';

/** The data in a page; `undefined`: it is not one of ours. */
export function dataIn(page: string): unknown {
  const from = page.indexOf(open);
  const to = page.indexOf(close, from);
  if (from < 0 || to < 0) return undefined;
  try {
    return JSON.parse(page.slice(from + open.length, to));
  } catch {
    return undefined;
  }
}

function sectionOf({ types }: CaseFile, { revision, recordedAt, event, hash, redactions = [] }: ProvenEvent): string {
  if (!event) {
    const hidden = redactions.map(
      ({ ground, field, since }): Row => [
        `屏蔽 Hidden`,
        `字段 field ${code(field)} · 依据 ground ${code(ground)} · 自 since ${timeOf(since)}`,
      ],
    );
    return `<section class="withheld"><h3>${revision} · 内容未提供 Withheld</h3><p>${timeOf(recordedAt)}</p>${listOf([['哈希 Hash', code(hash)], ...hidden])}</section>`;
  }
  const words = types[event.type];
  const what = words ? `${words.zh} ${words.en}` : event.type;
  const by = Object.entries(record.parse(event.meta.actor ?? {})).map(
    ([role, id]) => `${escaped(role)} ${code(jsonText(id))}`,
  );
  return `<section><h3>${revision} · ${escaped(what)}</h3><p>${timeOf(event.effectiveAt)} · ${by.join(' · ')}</p>${shown(event.data)}</section>`;
}

type Row = readonly [label: string, html: string];
const listOf = (rows: readonly Row[]): string =>
  `<dl>${rows.map(([label, html]) => `<dt>${escaped(label)}</dt><dd>${html}</dd>`).join('')}</dl>`;

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (isSealed(value)) return `<span class="sealed">个人信息已封存 Personal, sealed: ${escaped(value.category)}</span>`;
  if (Array.isArray(value))
    return value.length === 0 ? '–' : listOf(value.map((one, at) => [String(at + 1), shown(one)]));
  if (typeof value === 'object') return listOf(Object.entries(value).map(([name, one]) => [name, shown(one)]));
  return escaped(jsonText(value));
}

const record = z.record(z.string(), z.unknown());
const jsonText = (value: unknown): string => (typeof value === 'string' ? value : canonical(value));
const code = (text: string): string => `<code>${escaped(text)}</code>`;
const timeOf = (iso: string): string => escaped(iso.replace('T', ' ').replace(/Z$/, ' UTC'));

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => entities[c] ?? c);
