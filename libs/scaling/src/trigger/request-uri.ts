/**
 * Path of a text that Go takes as a request URI (an absolute URL, an absolute path, or an opaque one such as an ARN),
 * undefined when it takes it as none.
 */
export function requestUriPath(text: string): string | undefined {
  if (text === '' || hasControlCharacter(text)) return undefined;
  if (text === '*') return '*';
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1];
  if (scheme === undefined && /^[a-zA-Z0-9+.-]*:/.test(text)) return undefined;
  const rest = (scheme === undefined ? text : text.slice(scheme.length + 1)).replace(/\?.*$/s, '');
  if (!rest.startsWith('/')) return scheme === undefined ? undefined : '';
  const authority = scheme !== undefined ? /^\/\/([^/]*)/.exec(rest) : null;
  if (authority && !validAuthority(authority[1] ?? '')) return undefined;
  return unescapePath(rest.slice(authority?.[0].length ?? 0));
}

const hasControlCharacter = (text: string): boolean =>
  [...text].some((c) => c.charCodeAt(0) < 0x20 || c.charCodeAt(0) === 0x7f);

function validAuthority(authority: string): boolean {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.startsWith('[')) return /^\[[^\]]*\](:\d*)?$/.test(host);
  return /^[^\s<>"%[\]]*$/.test(host) && /^[^:]*(:\d*)?$/.test(host.replace(/.*:(?=[^:]*$)/, ':'));
}

function unescapePath(path: string): string | undefined {
  if (/%(?![\da-fA-F]{2})/.test(path)) return undefined;
  return path.replace(/(%[\da-fA-F]{2})+/g, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

/**
 * Name of the queue behind a queueURL of the form https://host/account/name. A text that is no URL is the name itself;
 * undefined when a URL has another path.
 */
export function queueNameFromUrl(url: string): string | undefined {
  const path = requestUriPath(url);
  if (path === undefined) return url;
  const parts = path.split('/');
  return parts.length === 3 && parts[2] !== '' ? parts[2] : undefined;
}
