import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { BlockList, isIP } from 'node:net';

/**
 * From where a request comes. `X-Forwarded-For` is believed only as far as trusted proxies wrote it: read from the
 * right, the first address that is none of theirs is the caller's; what stands left of it anybody could have sent.
 * `trusted`: addresses and networks such as `10.0.0.0/8` and `fd00::/8`.
 */
export function addressReader(trusted: readonly string[]): (request: IncomingMessage) => string {
  // The socket itself is all there is to believe, and nothing need be looked up for each request.
  if (trusted.length === 0) return ({ socket }) => networkOf(plain(socket.remoteAddress ?? ''));
  const isTrusted = isAmong(trusted);
  return ({ socket, headers }) => {
    let nearest = plain(socket.remoteAddress ?? '');
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').map(plain);
    while (isTrusted(nearest)) {
      const before = forwarded.pop();
      if (before === undefined || isIP(before) === 0) break;
      nearest = before;
    }
    return networkOf(nearest);
  };
}

/** Who stands at the other end of a connection; `undefined`: a trusted proxy, which brings many. */
export function peerReader(trusted: readonly string[]): (socket: Socket) => string | undefined {
  const isTrusted = isAmong(trusted);
  return ({ remoteAddress }) => {
    const address = plain(remoteAddress ?? '');
    return isTrusted(address) ? undefined : networkOf(address);
  };
}

function isAmong(trusted: readonly string[]): (address: string) => boolean {
  const proxies = new BlockList();
  for (const entry of trusted) {
    const [network = '', bits] = entry.split('/');
    if (isIP(network) === 0) throw new RangeError(`${entry} is no address and no network`);
    if (bits === undefined) proxies.addAddress(network, familyOf(network));
    else proxies.addSubnet(network, Number(bits), familyOf(network));
  }
  return (address) => isIP(address) !== 0 && proxies.check(address, familyOf(address));
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** IPv4 within IPv6 is IPv4; some proxies write the port, and brackets around IPv6. */
function plain(text: string): string {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text.trim()) ?? [];
  return (bracketed ?? dotted ?? text.trim()).replace(/^::ffff:(?=[\d.]+$)/i, '').toLowerCase();
}

/** Of IPv6 the first 64 bits: who has one address there has all of them. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = (text = '') => text.split(':').filter(Boolean);
  const [first, last] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const all = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
