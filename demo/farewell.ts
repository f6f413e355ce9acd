import type { Part } from './cast.js';

/** Where to go on: the address, a token for each level, and three queries to paste. */
export function farewell(url: string, parts: Readonly<Record<string, Part>>): string {
  const tokens = Object.entries(parts).map(([level, { name, token }]) => `  ${level} ${name}\n    ${token}`);
  const query = (text: string) =>
    `  curl -s ${url}/graphql -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\\n    -d '${JSON.stringify({ query: text })}'`;
  return `
\x1b[1m服务仍在运行，Ctrl-C结束 · still serving; Ctrl-C ends\x1b[0m
  GraphQL            ${url}/graphql
  WebSocket          ${url.replace('http', 'ws')}/graphql
  SSE                ${url}/graphql/stream
  health, metrics    ${url}/health/ready  ${url}/metrics

令牌 · tokens (export TOKEN=…)
${tokens.join('\n')}

三个查询 · three queries
${query('{ suggestions(first: 5) { nodes { title statusCode suggestionCategory clocks { clock dueOn status } } } }')}
${query('{ dutyFeed(first: 20) { nodes { at label { zh en } caseId } } }')}
${query('{ issues(first: 5) { nodes { title statusCode region { name } } } }')}

实时跟随 · follow it live
  npm run -s wuji -- watch --url ${url} --token "$TOKEN"
  ${url}/client/examples/browser.html#token=…
`;
}
