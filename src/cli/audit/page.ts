import { canonical } from '../../domain/kernel/canonical.js';
import type { CaseFile, ProvenEvent } from '../../domain/proof/case-file.js';

/**
 * A case's file: one page of HTML that holds the data too, as canonical JSON. The page follows from the data alone, so a
 * changed page is found by making it anew. Once a version of it is published it stays; a new look is a new version.
 */
export function pageOf(file: CaseFile): string {
  const { case: about, head, events } = file;
  const title = `${about.zh} ${about.en} ${about.id}`;
  return `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; vertical-align: top; }
pre { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; font-size: 13px; }
code { overflow-wrap: anywhere; font-size: 13px; }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>本页只有经过核验才可采信：<code>wuji audit verify</code>。 Trust this page only when <code>wuji audit verify</code> has proved it.</p>
<table>
<tr><th scope="row">导出时间 Made at</th><td>${escaped(file.madeAt)}</td></tr>
<tr><th scope="row">事件数 Events</th><td>${events.length}</td></tr>
<tr><th scope="row">日志事件数 Events in the log</th><td>${head.size}</td></tr>
<tr><th scope="row">树根 Root</th><td><code>${escaped(head.root)}</code></td></tr>
<tr><th scope="row">签署时间 Signed at</th><td>${escaped(head.time)}</td></tr>
<tr><th scope="row">密钥指纹 Key</th><td><code>${escaped(head.key)}</code></td></tr>
</table>
<h2>办理过程 History</h2>
<table>
<thead><tr><th scope="col">#</th><th scope="col">时间 Time</th><th scope="col">事项 What</th><th scope="col">行为人 By</th><th scope="col">内容 Content</th></tr></thead>
<tbody>
${events.map((event) => rowOf(file, event)).join('\n')}
</tbody>
</table>
${open}${canonical(file).replaceAll('<', '\\u003c')}${close}
</body>
</html>
`;
}

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

function rowOf({ types }: CaseFile, { revision, recordedAt, event, hash, redactions = [] }: ProvenEvent): string {
  if (!event) {
    const why = redactions.map(({ ground, field, since }) => ` · 屏蔽 ${ground} ${field} ${since}`).join('');
    return `<tr><td>${revision}</td><td>${escaped(recordedAt)}</td><td colspan="3">内容未提供 Withheld <code>${escaped(hash)}</code>${escaped(why)}</td></tr>`;
  }
  const words = types[event.type];
  const what = words ? `${words.zh} ${words.en}` : event.type;
  const cells = [String(revision), event.effectiveAt, what, jsonOf(event.meta.actor)].map(escaped);
  const data = `<pre>${escaped(JSON.stringify(JSON.parse(jsonOf(event.data)), null, 1))}</pre>`;
  return `<tr>${[...cells, data].map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

const jsonOf = (value: unknown): string => canonical(value ?? null);
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => entities[c] ?? c);
