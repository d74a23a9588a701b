import { type CronSchedule } from './schedule';
import { type TimeZone, type WallTime } from './time-zone';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const searchYears = 5;

type Fields = Extract<CronSchedule, { kind: 'fields' }>;

/**
 * The first instant after `ms` at which the schedule is due, by the clocks of the zone; null when there is none within
 * five years (30 February). Across changes of daylight-saving time it takes the same steps as the controllers' own
 * search: a time in the skipped hour is not run that day, one in the repeated hour runs twice if the hour field allows.
 */
export function nextDue(schedule: CronSchedule, ms: number, zone: TimeZone): number | null {
  const second = Math.floor(ms / 1000) * 1000;
  if (schedule.kind === 'every') return second + schedule.everyMs;
  // A field without a value is found in no year; do not search them all.
  if ([schedule.minute, schedule.hour, schedule.month].some(({ has }) => !has.includes(true))) return null;
  return search(schedule, second + 1000, schedule.zone ?? zone);
}

function search(schedule: Fields, from: number, zone: TimeZone): number | null {
  let t = from;
  // Once a field has been moved, the finer ones start from their beginning.
  let moved = false;
  const lastYear = zone.wallTime(t).year + searchYears;
  for (;;) {
    if (zone.wallTime(t).year > lastYear) return null;
    const month = findMonth(schedule, t, zone, moved);
    t = month.t;
    moved = month.moved;
    if (month.wrapped) continue;
    const day = findDay(schedule, t, zone, moved);
    t = day.t;
    moved = day.moved;
    if (day.wrapped) continue;
    const hour = findHour(schedule, t, zone, moved);
    t = hour.t;
    moved = hour.moved;
    if (hour.wrapped) continue;
    const minute = findMinute(schedule, t, zone, moved);
    t = minute.t;
    moved = minute.moved;
    if (minute.wrapped) continue;
    const whole = findWholeMinute(t, zone, moved);
    t = whole.t;
    moved = whole.moved;
    if (!whole.wrapped) return t;
  }
}

interface Found {
  readonly t: number;
  readonly moved: boolean;
  /** The coarser field has changed: begin again. */
  readonly wrapped: boolean;
}

function findMonth(schedule: Fields, from: number, zone: TimeZone, movedBefore: boolean): Found {
  let t = from;
  let moved = movedBefore;
  for (let wall = zone.wallTime(t); !schedule.month.has[wall.month]; wall = zone.wallTime(t)) {
    if (!moved) t = zone.instant(wall.year, wall.month, 1);
    moved = true;
    t = addDays(t, zone, 1, 0);
    if (zone.wallTime(t).month === 1) return { t, moved, wrapped: true };
  }
  return { t, moved, wrapped: false };
}

function findDay(schedule: Fields, from: number, zone: TimeZone, movedBefore: boolean): Found {
  let t = from;
  let moved = movedBefore;
  for (let wall = zone.wallTime(t); !dayMatches(schedule, wall); wall = zone.wallTime(t)) {
    if (!moved) t = zone.instant(wall.year, wall.month, wall.day);
    moved = true;
    const following = backToMidnight(addDays(t, zone, 0, 1), zone);
    // A zone that crosses the date line skips a day, and the day after resolves to the same midnight again.
    t = following > t ? following : following + 24 * hourMs;
    if (zone.wallTime(t).day === 1) return { t, moved, wrapped: true };
  }
  return { t, moved, wrapped: false };
}

/** Where midnight does not exist, the clock shows 23 or 1. */
function backToMidnight(t: number, zone: TimeZone): number {
  const hour = zone.hour(t);
  if (hour === 0) return t;
  return hour > 12 ? t + (24 - hour) * hourMs : t - hour * hourMs;
}

function findHour(schedule: Fields, from: number, zone: TimeZone, movedBefore: boolean): Found {
  let t = from;
  let moved = movedBefore;
  while (!schedule.hour.has[zone.hour(t)]) {
    if (!moved) {
      const { year, month, day, hour } = zone.wallTime(t);
      t = zone.instant(year, month, day, hour);
    }
    moved = true;
    t += hourMs;
    if (zone.hour(t) === 0) return { t, moved, wrapped: true };
  }
  return { t, moved, wrapped: false };
}

function findMinute(schedule: Fields, from: number, zone: TimeZone, movedBefore: boolean): Found {
  let t = from;
  let moved = movedBefore;
  while (!schedule.minute.has[zone.minute(t)]) {
    if (!moved) t = Math.floor(t / minuteMs) * minuteMs;
    moved = true;
    t += minuteMs;
    if (zone.minute(t) === 0) return { t, moved, wrapped: true };
  }
  return { t, moved, wrapped: false };
}

/** The seconds' field is always 0; instants here are whole seconds. */
function findWholeMinute(from: number, zone: TimeZone, moved: boolean): Found {
  const { second } = zone.wallTime(from);
  if (second === 0) return { t: from, moved, wrapped: false };
  return { t: from + (60 - second) * 1000, moved: true, wrapped: true };
}

function addDays(t: number, zone: TimeZone, months: number, days: number): number {
  const { year, month, day, hour, minute, second } = zone.wallTime(t);
  return zone.instant(year, month + months, day + days, hour, minute, second);
}

/** Both day fields must match when one of them is "*", otherwise either does. */
function dayMatches(schedule: Fields, wall: WallTime): boolean {
  const day = schedule.day.has[wall.day] ?? false;
  const weekday = schedule.weekday.has[wall.weekday] ?? false;
  return schedule.day.star || schedule.weekday.star ? day && weekday : day || weekday;
}
