import { connect } from 'node:net';
import { eventFields } from '../fanout/sample.js';

/** What a client without a cursor asks again: the events that it has missed. Resolves when the answer is whole. */
export function refetch(port: number, after: number, first: number): Promise<void> {
  const query = `query ($after: Int!, $first: Int!) { events(after: $after, first: $first) { ${eventFields} } }`;
  const body = JSON.stringify({ query, variables: { after, first } });
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () =>
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      ),
    );
    let bytes = 0;
    let head = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      if (bytes === 0) head = chunk.toString('latin1', 0, 12);
      bytes += chunk.length;
    });
    socket.on('close', () =>
      head === 'HTTP/1.1 200' && bytes > first * 100 ? resolve() : reject(new Error(`the answer was ${head}`)),
    );
  });
}
