/**
 * Whether a URL stands for one that has not been set yet: a host under a name that RFC 2606 and RFC 6761 reserve, or
 * one that says so itself. Asking the network about those takes time and gives a worse reason.
 */
export function isPlaceholderUrl(url: string): boolean {
  const host = new URL(url).hostname.toLowerCase().replace(/\.$/, '');
  const reserved = /(^|\.)(invalid|example|test|example\.(com|net|org))$/;
  return reserved.test(host) || /(^|[.-])(dummy|placeholder|changeme|change-me)([.-]|$)/.test(host);
}
