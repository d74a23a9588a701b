import { formatInstant, parseInstant } from '../keda/rfc3339';
import { nextDue } from './next';
import { parseSchedule } from './schedule';
import { ScheduleError } from './schedule-error';
import { TimeZone } from './time-zone';

const zoneOf = (name: string): TimeZone => TimeZone.load(name) as TimeZone;
const next = (expression: string, from: string, zone = 'UTC'): string | null => {
  const ms = nextDue(parseSchedule(expression, { descriptors: true }), parseInstant(from), zoneOf(zone));
  return ms === null ? null : formatInstant(ms);
};

describe('when a schedule is due next', () => {
  it.each([
    ['* * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01:00Z'],
    ['* * * * *', '2026-03-01T10:00:59.999Z', '2026-03-01T10:01:00Z'],
    ['0 8 * * *', '2026-03-01T08:00:00Z', '2026-03-02T08:00:00Z'],
    ['0 8 * * *', '2026-03-01T07:59:59Z', '2026-03-01T08:00:00Z'],
    ['*/15 * * * *', '2026-03-01T10:07:30Z', '2026-03-01T10:15:00Z'],
    ['5/20 * * * *', '2026-03-01T10:26:00Z', '2026-03-01T10:45:00Z'],
    ['0 9-17/4 * * *', '2026-03-01T10:00:00Z', '2026-03-01T13:00:00Z'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 31 * *', '2026-04-01T00:00:00Z', '2026-05-31T00:00:00Z'],
    ['0 0 1 jan *', '2026-04-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['0 0 * * MON', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'],
    // Both day fields given: either will do.
    ['0 0 13 * 5', '2026-03-01T00:00:00Z', '2026-03-06T00:00:00Z'],
    // A step makes the field no star any more.
    ['0 0 */2 * 1', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'],
    ['@hourly', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'],
    ['@daily', '2026-03-01T10:00:00Z', '2026-03-02T00:00:00Z'],
    ['@midnight', '2026-03-01T10:00:00Z', '2026-03-02T00:00:00Z'],
    ['@weekly', '2026-03-04T10:00:00Z', '2026-03-08T00:00:00Z'],
    ['@monthly', '2026-03-04T10:00:00Z', '2026-04-01T00:00:00Z'],
    ['@yearly', '2026-03-04T10:00:00Z', '2027-01-01T00:00:00Z'],
    ['@annually', '2026-03-04T10:00:00Z', '2027-01-01T00:00:00Z'],
    ['@every 90s', '2026-03-04T10:00:00.400Z', '2026-03-04T10:01:30Z'],
    ['@every 10ms', '2026-03-04T10:00:00Z', '2026-03-04T10:00:01Z'],
    ['TZ=Asia/Tokyo 0 9 * * *', '2026-03-04T10:00:00Z', '2026-03-05T00:00:00Z'],
    ['CRON_TZ=Asia/Tokyo 0 9 * * *', '2026-03-04T10:00:00Z', '2026-03-05T00:00:00Z'],
    ['0 0 30 2 *', '2026-03-01T00:00:00Z', null],
    [', * * * *', '2026-03-01T00:00:00Z', null],
    ['* , * * *', '2026-03-01T00:00:00Z', null],
    ['* * , * ,', '2026-03-01T00:00:00Z', null],
    ['* * * , *', '2026-03-01T00:00:00Z', null],
  ])('%s after %s: %s', (expression, from, expected) => {
    expect(next(expression, from)).toBe(expected);
  });

  it.each([
    ['0 9 * * *', '2026-01-15T03:00:00Z', 'Asia/Kolkata', '2026-01-15T03:30:00Z'],
    ['30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-30T00:30:00Z'],
    ['30 2 * * *', '2026-10-24T12:00:00Z', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['30 2 * * *', '2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T01:30:00Z'],
    ['0 0 * * *', '2018-11-03T12:00:00Z', 'America/Sao_Paulo', '2018-11-05T02:00:00Z'],
    // 30 December 2011 did not happen in Samoa.
    ['0 0 31 12 *', '2011-12-28T12:00:00Z', 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['0 0 30 12 *', '2011-12-28T12:00:00Z', 'Pacific/Apia', '2012-12-29T10:00:00Z'],
  ])('%s after %s in %s: %s', (expression, from, zone, expected) => {
    expect(next(expression, from, zone)).toBe(expected);
  });
});

describe('the values of a field', () => {
  const valuesOf = (expression: string, name: 'minute' | 'hour' | 'day' | 'month' | 'weekday') => {
    const schedule = parseSchedule(expression);
    if (schedule.kind !== 'fields') throw new Error('an expression of five fields was expected');
    return schedule[name].has.flatMap((has, value) => (has ? [value] : []));
  };
  const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
  const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

  it.each(months.map((name, i) => [name, i + 1] as const))('%s is month %d', (name, month) => {
    expect(valuesOf(`* * * ${name} *`, 'month')).toEqual([month]);
  });

  it.each(weekdays.map((name, i) => [name, i] as const))('%s is day %d of the week', (name, weekday) => {
    expect(valuesOf(`* * * * ${name}`, 'weekday')).toEqual([weekday]);
  });

  it.each([
    ['7', [7]],
    ['1-4', [1, 2, 3, 4]],
    ['1-9/4', [1, 5, 9]],
    ['1-9/3', [1, 4, 7]],
    ['45/5', [45, 50, 55]],
    ['*/20', [0, 20, 40]],
    ['?/30', [0, 30]],
    ['1,3-4,58', [1, 3, 4, 58]],
    ['1,,2', [1, 2]],
    ['0', [0]],
    ['59', [59]],
    ['+8', [8]],
  ])('minute %s: %j', (field, values) => {
    expect(valuesOf(`${field} * * * *`, 'minute')).toEqual(values);
  });

  it.each([
    ['hour', '0 * * * *', 24],
    ['day', '0 * * * *', 31],
    ['month', '0 * * * *', 12],
    ['weekday', '0 * * * *', 7],
    ['minute', '? * * * *', 60],
  ] as const)('a star is every %s: %s has %d', (name, expression, count) => {
    expect(valuesOf(expression, name)).toHaveLength(count);
  });

  it('are read over any white space', () => {
    expect(parseSchedule(' 0  8\t* * * ')).toEqual(parseSchedule('0 8 * * *'));
    expect(parseSchedule('TZ=UTC   0 8 * * * ')).toMatchObject(parseSchedule('0 8 * * *'));
    expect(parseSchedule('TZ=UTC  @daily ', { descriptors: true })).toMatchObject(parseSchedule('0 0 * * *'));
  });

  it('are those of the zone in the expression', () => {
    expect(parseSchedule('TZ=Asia/Tokyo 0 9 * * *')).toHaveProperty('zone.name', 'Asia/Tokyo');
    expect(parseSchedule('0 9 * * *')).not.toHaveProperty('zone');
    expect(parseSchedule('CRON_TZ=Asia/Tokyo @daily', { descriptors: true })).toHaveProperty(
      'zone.name',
      'Asia/Tokyo',
    );
    expect(parseSchedule('@daily', { descriptors: true })).not.toHaveProperty('zone');
  });
});

describe('expressions that are refused', () => {
  it.each([
    ['', 'empty spec string'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* 24 * * *', 'end of range (24) above maximum (23): 24'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['* * * 13 *', 'end of range (13) above maximum (12): 13'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['-5 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    ['*/+5 * * * x', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['TZ=Mars/Olympus * * * * *', 'provided bad location Mars/Olympus: unknown time zone Mars/Olympus'],
    ['TZ=UTC', 'no fields after the time zone: TZ=UTC'],
    ['*/-5 * * * *', 'negative number (-5) not allowed: -5'],
    ['1-x-3 * * * *', 'too many hyphens: 1-x-3'],
    ['x-2-3 * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['   ', 'expected exactly 5 fields, found 0: []'],
    [' *  * ', 'expected exactly 5 fields, found 2: [* *]'],
    ['x TZ=UTC 0 0 * * *', 'expected exactly 5 fields, found 7: [x TZ=UTC 0 0 * * *]'],
    ['@every 5m later', 'failed to parse duration @every 5m later: time: invalid duration "5m later"'],
    ['x@every 5m', 'expected exactly 5 fields, found 2: [x@every 5m]'],
    ['@sometimes', 'unrecognized descriptor: @sometimes'],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
  ])('%j: %s', (expression, message) => {
    let error: unknown;
    try {
      parseSchedule(expression, { descriptors: true });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ScheduleError);
    expect(error).toMatchObject({ name: 'ScheduleError', code: 'BadSchedule', message });
  });

  it('takes descriptors only where they are allowed', () => {
    expect(() => parseSchedule('@daily')).toThrow('parser does not accept descriptors: @daily');
  });
});

describe('time zones', () => {
  it.each(['Mars/Olympus', 'europe/berlin', '+02:00', '-05:00'])('knows no zone %j', (name) => {
    expect(TimeZone.load(name)).toBeUndefined();
  });

  it.each([
    ['Europe/Berlin', '2026-07-01T00:00:00Z', 7_200_000],
    ['Europe/Berlin', '2026-01-01T00:00:00Z', 3_600_000],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 20_700_000],
    ['Etc/GMT+3', '2026-01-01T00:00:00Z', -10_800_000],
    ['Local', '2026-01-01T00:00:00Z', 0],
    ['', '2026-01-01T00:00:00Z', 0],
  ])('%s is ahead of UTC at %s by %d ms', (name, at, offset) => {
    expect(zoneOf(name).offsetMs(parseInstant(at))).toBe(offset);
  });

  it('changes to the hour', () => {
    const change = parseInstant('2026-03-29T01:00:00Z');
    const berlin = zoneOf('Europe/Berlin');
    expect([berlin.offsetMs(change - 1), berlin.offsetMs(change)]).toEqual([3_600_000, 7_200_000]);
  });

  it('gives the fields of a wall clock, before 1970 too', () => {
    const at = (text: string) => zoneOf('UTC').wallTime(parseInstant(text));
    expect(at('1969-12-31T23:59:59Z')).toEqual({
      year: 1969,
      month: 12,
      day: 31,
      hour: 23,
      minute: 59,
      second: 59,
      weekday: 3,
    });
    expect(at('2000-02-29T12:34:56Z')).toEqual({
      year: 2000,
      month: 2,
      day: 29,
      hour: 12,
      minute: 34,
      second: 56,
      weekday: 2,
    });
  });
});
