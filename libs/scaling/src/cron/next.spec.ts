import { array, assert, constantFrom, integer, oneof, property, tuple } from 'fast-check';
import { nextDue } from './next';
import { parseSchedule } from './schedule';
import { TimeZone, type WallTime } from './time-zone';

const seed = 20260702;
const minuteMs = 60_000;
const zoneOf = (name: string): TimeZone => TimeZone.load(name) as TimeZone;

/** A field as a list of numbers, or a star. */
const field = (min: number, max: number) =>
  oneof(constantFrom<'*'>('*'), array(integer({ min, max }), { minLength: 1, maxLength: 3 }));
type Field = '*' | number[];

/** The rules of crontab(5), written down once more. */
function isDue([minute, hour, day, month, weekday]: readonly Field[], wall: WallTime): boolean {
  const has = (field: Field | undefined, value: number) => field === '*' || (field ?? []).includes(value);
  const inDays =
    day === '*' || weekday === '*'
      ? has(day, wall.day) && has(weekday, wall.weekday)
      : has(day, wall.day) || has(weekday, wall.weekday);
  return has(minute, wall.minute) && has(hour, wall.hour) && has(month, wall.month) && inDays;
}

const anySchedule = tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6));
const textOf = (fields: readonly Field[]) => fields.map((f) => (f === '*' ? '*' : f.join(','))).join(' ');
const start = Date.UTC(2026, 0, 1);
const someInstant = integer({ min: 0, max: 2 * 365 * 86_400_000 }).map((ms) => start + ms);

describe('the next time of any schedule', () => {
  // Without daylight-saving time, so that every minute of a wall clock comes once.
  it.each(['UTC', 'Asia/Kathmandu', 'America/Phoenix'])(
    'is a whole minute that the fields allow, in %s',
    (name) => {
      const zone = zoneOf(name);
      assert(
        property(anySchedule, someInstant, (fields, from) => {
          const due = nextDue(parseSchedule(textOf(fields)), from, zone);
          if (due === null) return;
          expect(due).toBeGreaterThan(from);
          expect(due % minuteMs).toBe(0);
          expect(isDue(fields, zone.wallTime(due))).toBe(true);
        }),
        { seed, numRuns: 200 },
      );
    },
  );

  it.each(['UTC', 'Asia/Kathmandu'])('leaves out none that comes before it, in %s', (name) => {
    const zone = zoneOf(name);
    const everyDay = tuple(
      field(0, 59),
      field(0, 23),
      constantFrom<Field>('*'),
      constantFrom<Field>('*'),
      oneof(constantFrom<Field>('*'), array(integer({ min: 0, max: 6 }), { minLength: 3, maxLength: 5 })),
    );
    assert(
      property(everyDay, someInstant, (fields, from) => {
        const due = nextDue(parseSchedule(textOf(fields)), from, zone);
        let expected = Math.floor(from / minuteMs) * minuteMs + minuteMs;
        while (!isDue(fields, zone.wallTime(expected))) expected += minuteMs;
        expect(due).toBe(expected);
      }),
      { seed, numRuns: 60 },
    );
  });

  it('follows the days of a month, by day', () => {
    assert(
      property(tuple(field(1, 31), field(1, 12), field(0, 6)), someInstant, (days, from) => {
        const fields: Field[] = [[0], [0], ...days];
        const due = nextDue(parseSchedule(textOf(fields)), from, zoneOf('UTC'));
        const last = from + 6 * 366 * 86_400_000;
        let expected = Math.floor(from / 86_400_000) * 86_400_000 + 86_400_000;
        const wall = (ms: number) => zoneOf('UTC').wallTime(ms);
        while (expected < last && !isDue(fields, wall(expected))) expected += 86_400_000;
        expect(due).toBe(expected < last ? expected : null);
      }),
      { seed, numRuns: 100 },
    );
  });
});

describe('the edges of the search', () => {
  const next = (expression: string, from: string, zone = 'UTC') => {
    const due = nextDue(parseSchedule(expression, { descriptors: true }), Date.parse(from), zoneOf(zone));
    return due === null ? null : new Date(due).toISOString();
  };

  it.each([
    // Five years are searched: the next 29 February is more than that away around 2100.
    ['0 0 29 2 *', '2096-02-28T00:00:00Z', '2096-02-29T00:00:00.000Z'],
    ['0 0 29 2 *', '2096-03-01T00:00:00Z', null],
    ['0 0 29 2 *', '2099-01-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
    ['0 0 29 2 *', '2098-12-31T23:00:00Z', null],
    // 29 February on a Monday counts in either field.
    ['0 0 29 2 1', '2026-02-02T00:00:00Z', '2026-02-09T00:00:00.000Z'],
    ['59 23 31 12 *', '2026-12-31T23:58:59.999Z', '2026-12-31T23:59:00.000Z'],
    ['59 23 31 12 *', '2026-12-31T23:59:00Z', '2027-12-31T23:59:00.000Z'],
    ['30 10 * * *', '2026-05-05T10:29:59.001Z', '2026-05-05T10:30:00.000Z'],
    ['30 10 * * *', '2026-05-05T10:30:00.999Z', '2026-05-06T10:30:00.000Z'],
    ['@every 1m', '2026-05-05T10:30:00.999Z', '2026-05-05T10:31:00.000Z'],
    ['@every 1999ms', '2026-05-05T10:30:00Z', '2026-05-05T10:30:01.000Z'],
  ])('%s after %s: %s', (expression, from, expected) => {
    expect(next(expression, from)).toBe(expected);
  });

  it.each([
    // Midnight does not exist on the day that clocks go forward at midnight.
    ['0 0 * * *', '2026-04-22T12:00:00Z', 'Africa/Cairo', '2026-04-22T22:00:00.000Z'],
    ['0 0 * * *', '2026-04-23T12:00:00Z', 'Africa/Cairo', '2026-04-24T21:00:00.000Z'],
    ['0 1 * * *', '2026-04-23T12:00:00Z', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['15 3 * * *', '2026-04-23T12:00:00Z', 'Africa/Cairo', '2026-04-24T00:15:00.000Z'],
    // Clocks that go back at midnight show 23 o'clock twice.
    ['30 23 * * *', '2026-10-29T12:00:00Z', 'Africa/Cairo', '2026-10-29T20:30:00.000Z'],
    ['30 23 * * *', '2026-10-29T20:30:00Z', 'Africa/Cairo', '2026-10-29T21:30:00.000Z'],
    ['0 12 1 * *', '2026-10-02T00:00:00Z', 'Europe/Berlin', '2026-11-01T11:00:00.000Z'],
    ['0 12 1 1 *', '2026-10-02T00:00:00Z', 'America/New_York', '2027-01-01T17:00:00.000Z'],
    // Half an hour of daylight saving.
    ['0 2 * * *', '2026-10-03T12:00:00Z', 'Australia/Lord_Howe', '2026-10-04T15:00:00.000Z'],
    ['45 1 * * *', '2026-04-04T12:00:00Z', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z'],
  ])('%s after %s in %s: %s', (expression, from, zone, expected) => {
    expect(next(expression, from, zone)).toBe(expected);
  });
});
