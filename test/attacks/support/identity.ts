import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CryptoKey, JWK, JWTHeaderParameters, JWTPayload } from 'jose';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ownCertificate } from './certificate.js';

export type Identity = Awaited<ReturnType<typeof openIdentity>>;

/** An identity provider: its public keys over https, and whatever it or somebody else signs. */
export async function openIdentity() {
  const { key, cert } = ownCertificate();
  const keys: { readonly alg: string; readonly privateKey: CryptoKey; readonly jwk: JWK }[] = [];
  for (const alg of ['EdDSA', 'ES256', 'RS256']) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    keys.push({ alg, privateKey, jwk: { ...(await exportJWK(publicKey)), alg, use: 'sig', kid: alg } });
  }
  const [first] = keys;
  if (!first) throw new Error('no key');
  const server = createServer({ key, cert }, (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const seconds = () => Math.floor(Date.now() / 1000);
  return {
    cert,
    keys,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    seconds,
    /** Signed as the provider does, unless told otherwise. */
    sign(
      claims: JWTPayload,
      { by = first.privateKey, ...header }: Partial<JWTHeaderParameters> & { by?: CryptoKey | Uint8Array } = {},
    ): Promise<string> {
      const usual = { iss: 'wuji', aud: 'wuji', iat: seconds(), exp: seconds() + 3600, jti: crypto.randomUUID() };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'EdDSA', ...header })
        .sign(by);
    },
    async close(): Promise<void> {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
