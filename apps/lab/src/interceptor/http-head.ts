/** How the end of a message is found. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** In lower case, without port; empty when absent. */
  readonly host: string;
  readonly framing: Framing;
  readonly keepAlive: boolean;
  /** Asks for another protocol on this connection. */
  readonly upgrade: boolean;
}

export interface ResponseHead {
  readonly status: number;
  readonly framing: Framing;
  readonly keepAlive: boolean;
  /** How long the server keeps an idle connection, s, when it says so. */
  readonly keepAliveSeconds: number | undefined;
}

const none: Framing = { kind: 'none' };
const chunked: Framing = { kind: 'chunked' };
const untilClose: Framing = { kind: 'close' };
const contentLength = (bytes: number): Framing => (bytes === 0 ? none : { kind: 'length', bytes });

/** Only the fields that tell where a message ends and where it goes; everything else is passed on unread. */
interface Fields {
  contentLength: number | undefined;
  chunked: boolean;
  close: boolean;
  keepAlive: boolean;
  upgrade: boolean;
  host: string;
  keepAliveSeconds: number | undefined;
}

const cr = '\r\n';

/** A head that no server would take; the message says what is wrong with it. */
export class HeadError extends Error {
  override readonly name = 'HeadError';
  readonly code = 'BadHead';
}

/**
 * Reads a request head, from its first byte up to the empty line.
 * @throws HeadError
 */
export function parseRequestHead(text: string): RequestHead {
  const lineEnd = endOfLine(text, 0);
  const firstBlank = text.indexOf(' ');
  const lastBlank = text.lastIndexOf(' ', lineEnd);
  if (firstBlank < 1 || lastBlank <= firstBlank || !text.startsWith('HTTP/1.', lastBlank + 1)) {
    throw new HeadError(
      `the request line is not HTTP/1: ${JSON.stringify(text.slice(0, Math.min(lineEnd, 80)))}`,
    );
  }
  const fields = scan(text, lineEnd + 2);
  if (fields.chunked && fields.contentLength !== undefined) {
    throw new HeadError('the request has both Content-Length and Transfer-Encoding');
  }
  const oldVersion = text.charCodeAt(lastBlank + 8) === 0x30;
  return {
    method: text.slice(0, firstBlank),
    target: text.slice(firstBlank + 1, lastBlank),
    host: fields.host,
    framing: fields.chunked ? chunked : contentLength(fields.contentLength ?? 0),
    keepAlive: oldVersion ? fields.keepAlive : !fields.close,
    upgrade: fields.upgrade,
  };
}

/**
 * Reads a response head, from its first byte up to the empty line.
 * @throws HeadError
 */
export function parseResponseHead(text: string, method: string): ResponseHead {
  const lineEnd = endOfLine(text, 0);
  const status = Number(text.slice(9, 12));
  if (!text.startsWith('HTTP/1.') || !(status >= 100 && status <= 999)) {
    throw new HeadError(
      `the response is not HTTP/1: ${JSON.stringify(text.slice(0, Math.min(lineEnd, 80)))}`,
    );
  }
  const fields = scan(text, lineEnd + 2);
  const oldVersion = text.charCodeAt(7) === 0x30;
  const bodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  const framing = bodiless
    ? none
    : fields.chunked
      ? chunked
      : fields.contentLength === undefined
        ? untilClose
        : contentLength(fields.contentLength);
  return {
    status,
    framing,
    keepAlive: framing.kind !== 'close' && (oldVersion ? fields.keepAlive : !fields.close),
    keepAliveSeconds: fields.keepAliveSeconds,
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf(cr, from);
  return end < 0 ? text.length : end;
}

function scan(text: string, from: number): Fields {
  const fields: Fields = {
    contentLength: undefined,
    chunked: false,
    close: false,
    keepAlive: false,
    upgrade: false,
    host: '',
    keepAliveSeconds: undefined,
  };
  for (let start = from; start < text.length;) {
    const end = endOfLine(text, start);
    // Five letters begin all names of interest: everything else costs one look.
    switch (text.charCodeAt(start) | 0x20) {
      case 0x63: // c
      case 0x68: // h
      case 0x6b: // k
      case 0x74: // t
      case 0x75: // u
        take(fields, text, start, end);
    }
    start = end + 2;
  }
  return fields;
}

function take(fields: Fields, text: string, start: number, end: number): void {
  const colon = text.indexOf(':', start);
  if (colon < 0 || colon > end) return;
  const name = text.slice(start, colon).toLowerCase();
  switch (name) {
    case 'host':
      fields.host = text
        .slice(colon + 1, end)
        .trim()
        .toLowerCase()
        .replace(/:\d+$/, '');
      break;
    case 'content-length': {
      const value = text.slice(colon + 1, end).trim();
      const bytes = /^\d+$/.test(value) ? Number(value) : NaN;
      if (
        !Number.isSafeInteger(bytes) ||
        (fields.contentLength !== undefined && fields.contentLength !== bytes)
      ) {
        throw new HeadError(`Content-Length must be one whole number, got ${JSON.stringify(value)}`);
      }
      fields.contentLength = bytes;
      break;
    }
    case 'transfer-encoding':
      fields.chunked = /(^|,)\s*chunked\s*$/i.test(text.slice(colon + 1, end));
      break;
    case 'connection': {
      const value = text.slice(colon + 1, end).toLowerCase();
      if (value.includes('close')) fields.close = true;
      if (value.includes('keep-alive')) fields.keepAlive = true;
      if (value.includes('upgrade')) fields.upgrade = true;
      break;
    }
    case 'keep-alive': {
      const seconds = /timeout=(\d+)/.exec(text.slice(colon + 1, end))?.[1];
      if (seconds !== undefined) fields.keepAliveSeconds = Number(seconds);
    }
  }
}

/** The value of a header of a head, or undefined; for the rare routes that match by header. */
export function headerOf(text: string, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (let start = endOfLine(text, 0) + 2; start < text.length;) {
    const end = endOfLine(text, start);
    const colon = text.indexOf(':', start);
    if (colon > 0 && colon < end && text.slice(start, colon).toLowerCase() === wanted)
      return text.slice(colon + 1, end).trim();
    start = end + 2;
  }
  return undefined;
}
