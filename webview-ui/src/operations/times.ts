/** Moments and durations as people read them. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12 s`, `4 min`, `2 h 10 min`, `3 d 4 h` */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return pair(whole, HOUR, 'h', MINUTE, 'min');
  return pair(whole, DAY, 'd', HOUR, 'h');
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  return `${Math.floor(ms / big)} ${bigName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

/** For what is far off: `40 minutes`, `5 hours`, `3.2 days`. */
export function formatSpan(ms: number): string {
  if (ms < HOUR) return counted(Math.max(1, Math.round(ms / MINUTE)), 'minute');
  if (ms < 2 * DAY) return counted(Math.round(ms / HOUR), 'hour');
  return counted(Math.round((ms / DAY) * 10) / 10, 'day');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `14:03:09`, in the user's time zone; with the date where it is another day than `now`. */
export function formatTime(ms: number, now = Date.now()): string {
  const date = new Date(ms);
  const time = clock(date, true);
  return date.toDateString() === new Date(now).toDateString() ? time : `${day(date)} ${time}`;
}

/** For a chart's axis whose ticks are `step` milliseconds apart. */
export function formatTick(ms: number, step: number): string {
  const date = new Date(ms);
  if (step >= DAY) return day(date);
  const time = clock(date, step < MINUTE);
  return time === '00:00' ? day(date) : time;
}

function clock(date: Date, withSeconds: boolean): string {
  const parts = [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function day(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}
