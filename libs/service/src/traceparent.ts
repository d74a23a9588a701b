import { randomHex } from './request-id';

/** W3C Trace Context, version 00. */
export interface Traceparent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the caller's span. */
  readonly parentId: string;
  /** 2 hex digits; bit 0 is `sampled`. */
  readonly flags: string;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for anything that the recommendation calls invalid; later versions are read by their first four fields. */
export function parseTraceparent(header: string | undefined): Traceparent | undefined {
  if (header === undefined) return undefined;
  const [, version, traceId, parentId, flags, rest] = form.exec(header.trim()) ?? [];
  if (version === undefined || traceId === undefined || parentId === undefined || flags === undefined)
    return undefined;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, flags };
}

/** A header for a call made on behalf of this trace: same trace, a span of its own. */
export function childTraceparent(trace: Pick<Traceparent, 'traceId' | 'flags'>): string {
  return `00-${trace.traceId}-${randomHex(8)}-${trace.flags}`;
}
