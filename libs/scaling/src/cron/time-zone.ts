/** A time that a clock on the wall shows. `month` counts from 1, `weekday` from Sunday = 0. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

const dayMs = 86_400_000;
// Zones change their offset on a quarter of an hour, so one look-up serves all instants between two quarters; and never
// twice within a few days, so equal offsets at both ends of a span hold in between.
const quarterMs = 900_000;
const quartersInSpan = 384;
const mostRemembered = 4096;

/** A zone of the IANA database, through Intl. Instants are epoch milliseconds. */
export class TimeZone {
  private static readonly known = new Map<string, TimeZone>();

  private readonly offsets = new Map<number, number>();
  // The span of the last look-up, which most of the next ones fall into.
  private steadyFrom = 0;
  private steadyTo = 0;
  private steadyOffset = 0;

  private constructor(
    readonly name: string,
    private readonly format: Intl.DateTimeFormat | null,
  ) {}

  /** The zone of that name; undefined: there is none. "" and "Local" are UTC. Names are written as in the database. */
  static load(name: string): TimeZone | undefined {
    const known = TimeZone.known.get(name);
    if (known) return known;
    const zone = TimeZone.open(name);
    if (zone) TimeZone.known.set(name, zone);
    return zone;
  }

  private static open(name: string): TimeZone | undefined {
    if (['', 'UTC', 'Local'].includes(name)) return new TimeZone(name, null);
    // Intl also takes bare offsets, which are no names.
    if (/^[+-]/.test(name)) return undefined;
    try {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
        era: 'short',
      });
      const { timeZone } = format.resolvedOptions();
      // Intl does not mind the case of letters, the database does.
      if (timeZone !== name && timeZone.toLowerCase() === name.toLowerCase()) return undefined;
      return new TimeZone(name, format);
    } catch {
      return undefined;
    }
  }

  /** Milliseconds that the zone's clocks are ahead of UTC at that instant. */
  offsetMs(ms: number): number {
    if (this.format === null) return 0;
    if (ms >= this.steadyFrom && ms < this.steadyTo) return this.steadyOffset;
    const quarter = Math.floor(ms / quarterMs);
    const span = Math.floor(quarter / quartersInSpan) * quartersInSpan;
    const before = this.offsetOfQuarter(this.format, span);
    if (before !== this.offsetOfQuarter(this.format, span + quartersInSpan)) {
      return this.offsetOfQuarter(this.format, quarter);
    }
    this.steadyFrom = span * quarterMs;
    this.steadyTo = (span + quartersInSpan) * quarterMs;
    this.steadyOffset = before;
    return before;
  }

  private offsetOfQuarter(format: Intl.DateTimeFormat, quarter: number): number {
    const remembered = this.offsets.get(quarter);
    if (remembered !== undefined) return remembered;
    if (this.offsets.size >= mostRemembered) this.offsets.clear();
    const offset = lookUpOffset(format, quarter * quarterMs);
    this.offsets.set(quarter, offset);
    return offset;
  }

  /** Hour on the zone's clocks. */
  hour(ms: number): number {
    return modulo(Math.floor((ms + this.offsetMs(ms)) / 3_600_000), 24);
  }

  /** Minute on the zone's clocks. */
  minute(ms: number): number {
    return modulo(Math.floor((ms + this.offsetMs(ms)) / 60_000), 60);
  }

  wallTime(ms: number): WallTime {
    return utcWallTime(ms + this.offsetMs(ms));
  }

  /**
   * The instant at which the zone's clocks show that time. Fields may be out of range (month 13). A time inside the hour
   * that clocks skip or repeat is resolved with the offset that holds at the first guess, as Go does.
   */
  instant(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
    const local = epochMs(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000;
    const offset = this.offsetMs(local);
    return offset === 0 ? local : local - this.offsetMs(local - offset);
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

function lookUpOffset(format: Intl.DateTimeFormat, ms: number): number {
  const fields: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(ms)) fields[type] = value;
  const number = (name: string): number => Number(fields[name]);
  const year = fields.era === 'BC' ? 1 - number('year') : number('year');
  const seconds = (number('hour') * 60 + number('minute')) * 60 + number('second');
  return epochMs(year, number('month'), number('day')) + seconds * 1000 - Math.floor(ms / 1000) * 1000;
}

/** Epoch milliseconds of a day's midnight in UTC (proleptic Gregorian); month and day may be out of range. */
export function epochMs(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1);
  const y = Math.floor(months / 12);
  const m = months - y * 12 + 1;
  // Years are counted from March, so that the leap day is the last one.
  const shifted = m <= 2 ? y - 1 : y;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * dayMs;
}

/** The fields of an instant in UTC. */
export function utcWallTime(ms: number): WallTime {
  const days = Math.floor(ms / dayMs);
  const seconds = Math.floor((ms - days * dayMs) / 1000);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    weekday: modulo(days + 4, 7),
  };
}
