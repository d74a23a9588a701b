import { createPrivateKey, X509Certificate } from 'node:crypto';
import { servingCertificates } from './certificate';

describe('servingCertificates', () => {
  const nowMs = Date.UTC(2026, 5, 15, 12);
  const made = servingCertificates({
    dnsNames: ['localhost', 'kubernetes'],
    addresses: ['127.0.0.1', '127.64.0.200'],
    nowMs,
  });
  const authority = new X509Certificate(made.authority);
  const serving = new X509Certificate(made.serving.certificate);

  it('makes a chain that verifies', () => {
    expect(authority.ca).toBe(true);
    expect(serving.ca).toBe(false);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(serving.verify(authority.publicKey)).toBe(true);
    expect(serving.checkIssued(authority)).toBe(true);
    expect(serving.checkPrivateKey(createPrivateKey(made.serving.key))).toBe(true);
  });

  it('names hosts and addresses, and nothing else', () => {
    expect(serving.checkHost('kubernetes')).toBe('kubernetes');
    expect(serving.checkHost('example.com')).toBeUndefined();
    expect(serving.checkIP('127.64.0.200')).toBe('127.64.0.200');
    expect(serving.checkIP('10.0.0.1')).toBeUndefined();
    expect(serving.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('holds from an hour before to a year after, with another serial number each time', () => {
    expect(new Date(serving.validFrom).getTime()).toBe(nowMs - 3_600_000);
    expect(new Date(serving.validTo).getTime()).toBe(nowMs + 365 * 86_400_000);
    const other = servingCertificates({ dnsNames: [], addresses: ['127.0.0.1'], nowMs });
    expect(new X509Certificate(other.authority).serialNumber).not.toBe(authority.serialNumber);
  });
});
