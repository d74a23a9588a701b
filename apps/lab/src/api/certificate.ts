import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { der, type DerParts } from './der';

/** A certificate with its key, both PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface ServingCertificates {
  /** The authority's certificate, PEM: what a kubeconfig carries. */
  readonly authority: string;
  readonly serving: KeyedCertificate;
}

export interface ServingCertificateOptions {
  readonly dnsNames: readonly string[];
  /** Dotted IPv4 addresses. */
  readonly addresses: readonly string[];
  /** Epoch ms. The certificates hold from an hour before, for clocks that differ, to a year after. */
  readonly nowMs: number;
}

const ecdsaWithSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));
const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

const commonName = (name: string): DerParts =>
  der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8String(name))));

const extension = (oid: string, critical: boolean, value: DerParts): DerParts =>
  der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));

/** SHA-1 of the public key's bits, as RFC 5280 section 4.2.1.2 names keys. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  // An uncompressed P-256 point, 65 bytes, ends the structure.
  return createHash('sha1').update(spki.subarray(-65)).digest();
}

interface Request {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly extensions: readonly DerParts[];
  readonly nowMs: number;
}

function certificate(request: Request): string {
  const serial = randomBytes(16);
  // A positive number without a leading zero byte.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = der.sequence(
    der.context(0, der.integer(2)),
    der.integer(serial),
    ecdsaWithSha256,
    commonName(request.issuer),
    der.sequence(der.utcTime(request.nowMs - hourMs), der.utcTime(request.nowMs + yearMs)),
    commonName(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    der.context(3, der.sequence(...request.extensions)),
  );
  const signature = sign('sha256', body, request.issuerKey);
  const whole = der.sequence(body, ecdsaWithSha256, der.bitString(signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/**
 * An authority of its own and a server certificate by it, P-256 throughout. Written here because it takes 2 ms with node:crypto,
 * where loading an X.509 package alone takes 170 ms of the lab's start.
 */
export function servingCertificates(options: ServingCertificateOptions): ServingCertificates {
  const { nowMs } = options;
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authorityName = `scalelab-ca@${Math.floor(nowMs / 1000)}`;
  const issuer = { issuer: authorityName, issuerKey: authority.privateKey, nowMs };
  const identifies = (key: KeyObject): DerParts =>
    extension('2.5.29.14', false, der.octetString(keyIdentifier(key)));
  const issuedBy = extension(
    '2.5.29.35',
    false,
    der.sequence(der.contextPrimitive(0, keyIdentifier(authority.publicKey))),
  );
  const names = [
    ...options.dnsNames.map((name) => der.contextPrimitive(2, Buffer.from(name, 'ascii'))),
    ...options.addresses.map((address) =>
      der.contextPrimitive(7, Buffer.from(address.split('.').map(Number))),
    ),
  ];
  return {
    authority: certificate({
      ...issuer,
      subject: authorityName,
      publicKey: authority.publicKey,
      extensions: [
        extension('2.5.29.19', true, der.sequence(der.boolean(true))),
        // keyCertSign and cRLSign.
        extension('2.5.29.15', true, der.bitString(Buffer.from([0x06]), 1)),
        identifies(authority.publicKey),
      ],
    }),
    serving: {
      certificate: certificate({
        ...issuer,
        subject: 'scalelab-apiserver',
        publicKey: server.publicKey,
        extensions: [
          extension('2.5.29.19', true, der.sequence()),
          // digitalSignature.
          extension('2.5.29.15', true, der.bitString(Buffer.from([0x80]), 7)),
          extension('2.5.29.37', false, der.sequence(der.oid('1.3.6.1.5.5.7.3.1'))),
          extension('2.5.29.17', false, der.sequence(...names)),
          identifies(server.publicKey),
          issuedBy,
        ],
      }),
      key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
  };
}
