import { assert, constantFrom, integer, property } from 'fast-check';
import { epochMs, TimeZone, utcWallTime, type WallTime } from './time-zone';

const seed = 20260701;
const zoneOf = (name: string): TimeZone => TimeZone.load(name) as TimeZone;
const utc = (...fields: [number, number, number, number?, number?, number?]): number => Date.UTC(...fields);

/** What the platform's own formatter shows on the wall, without the spans that TimeZone remembers. */
function shown(name: string, ms: number): Omit<WallTime, 'weekday'> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
  return { year, month, day, hour, minute, second };
}

describe('days since 1970', () => {
  const anyYear = integer({ min: -400, max: 9999 });

  it('agree with the built-in calendar, months out of range included', () => {
    assert(
      property(
        anyYear,
        integer({ min: -14, max: 27 }),
        integer({ min: -40, max: 70 }),
        (year, month, day) => {
          const date = new Date(0);
          date.setUTCFullYear(year, month - 1, day);
          expect(epochMs(year, month, day)).toBe(date.getTime());
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  it.each([
    [1970, 1, 1, 0],
    [1970, 2, 28, 58],
    [1970, 3, 1, 59],
    [2000, 2, 29, 11_016],
    [2000, 3, 1, 11_017],
    [1900, 3, 1, -25_508],
    [1969, 12, 31, -1],
  ])('%d-%d-%d is day %d', (year, month, day, days) => {
    expect(epochMs(year, month, day)).toBe(days * 86_400_000);
  });

  it('come apart into the fields of the built-in calendar', () => {
    const span = 4_000 * 365 * 86_400;
    assert(
      property(integer({ min: -span, max: span }), (seconds) => {
        const date = new Date(seconds * 1000);
        expect(utcWallTime(seconds * 1000)).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
          hour: date.getUTCHours(),
          minute: date.getUTCMinutes(),
          second: date.getUTCSeconds(),
          weekday: date.getUTCDay(),
        });
      }),
      { seed, numRuns: 500 },
    );
  });

  it.each([
    '1970-01-01',
    '1970-12-31',
    '1972-02-29',
    '1999-12-31',
    '2000-02-29',
    '2000-12-31',
    '2001-03-01',
    '2100-02-28',
    '2100-03-01',
  ])('come apart at the edges of years and months: %s', (day) => {
    const { year, month, day: dayOfMonth } = utcWallTime(Date.parse(`${day}T23:59:59.999Z`));
    expect([year, month, dayOfMonth]).toEqual(day.split('-').map(Number));
  });
});

describe('the clock of a zone', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'Pacific/Apia',
  ];

  it('shows what the platform shows, whatever was asked before', () => {
    assert(
      property(
        constantFrom(...zones),
        integer({ min: utc(1975, 0, 1), max: utc(2037, 0, 1) }),
        (name, ms) => {
          const { weekday, ...fields } = zoneOf(name).wallTime(ms);
          const expected = shown(name, ms);
          expect(fields).toEqual(expected);
          expect(weekday).toBe(new Date(utc(fields.year, fields.month - 1, fields.day)).getUTCDay());
          expect(zoneOf(name).hour(ms)).toBe(expected.hour);
          expect(zoneOf(name).minute(ms)).toBe(expected.minute);
        },
      ),
      { seed, numRuns: 400 },
    );
  });

  it.each([
    ['Europe/Berlin', utc(2026, 2, 29, 1), 3_600_000, 7_200_000],
    ['Europe/Berlin', utc(2026, 9, 25, 1), 7_200_000, 3_600_000],
    ['Australia/Lord_Howe', utc(2026, 3, 4, 15), 39_600_000, 37_800_000],
    ['America/New_York', utc(2026, 2, 8, 7), -18_000_000, -14_400_000],
  ])('changes in %s at one instant, asked from either side', (name, change, before, after) => {
    const zone = zoneOf(name);
    const day = 86_400_000;
    const around = [-3 * day, -1, 0, 3 * day, 0, -1, -3 * day];
    const expected = [before, before, after, after, after, before, before];
    expect(around.map((distance) => zone.offsetMs(change + distance))).toEqual(expected);
  });

  it('is known from before the common era', () => {
    expect(zoneOf('UTC').wallTime(epochMs(-43, 3, 15))).toMatchObject({ year: -43, month: 3, day: 15 });
    // Local mean time of Berlin: 53 minutes and 28 seconds ahead.
    expect(zoneOf('Europe/Berlin').offsetMs(epochMs(-43, 3, 15))).toBe((53 * 60 + 28) * 1000);
  });

  it('is read back to the instant it shows', () => {
    assert(
      property(
        constantFrom(...zones),
        integer({ min: utc(1990, 0, 1), max: utc(2037, 0, 1) }),
        (name, at) => {
          const zone = zoneOf(name);
          const ms = Math.floor(at / 1000) * 1000;
          const wall = zone.wallTime(ms);
          const instant = zone.instant(wall.year, wall.month, wall.day, wall.hour, wall.minute, wall.second);
          // In a repeated hour two instants show the same; one of them is given.
          expect(zone.wallTime(instant)).toEqual(wall);
        },
      ),
      { seed, numRuns: 400 },
    );
  });

  it('starts a day at midnight when no hour is said', () => {
    expect(zoneOf('Asia/Tokyo').instant(2026, 7, 1)).toBe(utc(2026, 5, 30, 15));
    expect(zoneOf('Asia/Tokyo').instant(2026, 7, 1, 9, 30, 15)).toBe(utc(2026, 6, 1, 0, 30, 15));
  });

  it('is opened once, since opening is slow', () => {
    expect(zoneOf('Asia/Tokyo')).toBe(zoneOf('Asia/Tokyo'));
    expect(zoneOf('Asia/Tokyo').name).toBe('Asia/Tokyo');
  });
});
