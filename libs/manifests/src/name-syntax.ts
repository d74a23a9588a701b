const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const serviceName = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualified = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Each check gives undefined when the text is right, otherwise what is allowed. */
export type TextCheck = (text: string) => string | undefined;

export const dnsLabel: TextCheck = (text) =>
  label.test(text) && text.length <= 63
    ? undefined
    : 'must be at most 63 of a-z, 0-9 and "-", and begin and end with a letter or digit';

export const dnsSubdomain: TextCheck = (text) =>
  subdomain.test(text) && text.length <= 253
    ? undefined
    : 'must be at most 253 of a-z, 0-9, "-" and ".", and begin and end with a letter or digit';

/** Names of Services: a DNS label of RFC 1035. */
export const dns1035Label: TextCheck = (text) =>
  serviceName.test(text) && text.length <= 63
    ? undefined
    : 'must be at most 63 of a-z, 0-9 and "-", begin with a letter and end with a letter or digit';

/** Names of roles: anything that can be a segment of a URL's path. */
export const pathSegment: TextCheck = (text) =>
  text !== '' && text !== '.' && text !== '..' && !/[/%]/.test(text)
    ? undefined
    : 'must not be ".", ".." or contain "/" or "%"';

export const portName: TextCheck = (text) =>
  label.test(text) && text.length <= 15 && /[a-z]/.test(text) && !text.includes('--')
    ? undefined
    : 'must be at most 15 of a-z, 0-9 and single "-", with at least one letter';

export const labelKey: TextCheck = (text) => {
  const slash = text.indexOf('/');
  const prefix = slash < 0 ? undefined : text.slice(0, slash);
  const name = text.slice(slash + 1);
  if (prefix !== undefined && dnsSubdomain(prefix))
    return `prefix ${JSON.stringify(prefix)} must be a DNS name`;
  return qualified.test(name) && name.length <= 63
    ? undefined
    : 'must be at most 63 of A-Z, a-z, 0-9, "-", "_" and "." after an optional "dns.name/", and begin and end with a letter or digit';
};

export const labelValue: TextCheck = (text) =>
  text === '' || (qualified.test(text) && text.length <= 63)
    ? undefined
    : 'must be empty or at most 63 of A-Z, a-z, 0-9, "-", "_" and ".", and begin and end with a letter or digit';

/** `45`, `12500m`, `12Ki`, `1e4`. */
export const quantitySyntax: TextCheck = (text) =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[KMGTPE]i|[numkMGTPE])?$/.test(text)
    ? undefined
    : 'must be a quantity: a number with an optional suffix n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an exponent';
