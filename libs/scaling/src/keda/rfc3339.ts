import { epochMs, utcWallTime } from '../cron/time-zone';

const shape = /^(\d{4,})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Epoch milliseconds of an RFC 3339 time. Throws RangeError when the text is none. */
export function parseInstant(text: string): number {
  const match = shape.exec(text);
  if (!match) throw new RangeError(`${JSON.stringify(text)} is not an RFC 3339 time`);
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match;
  const local =
    epochMs(Number(year), Number(month), Number(day)) +
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 +
    Number(fraction ?? 0) * 1000;
  const zone = sign ? (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 : 0;
  return sign === '-' ? local + zone : local - zone;
}

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** RFC 3339 in UTC and whole seconds, as the Kubernetes API stores times; fractions are cut off. */
export function formatInstant(ms: number): string {
  const { year, month, day, hour, minute, second } = utcWallTime(ms);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}Z`;
}
