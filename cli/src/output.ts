/** What goes to stdout. */
import { writeSync } from 'node:fs';

/** Raised when a field changes its meaning or goes; new fields may come. */
export const JSON_VERSION = 1;

/** One object, and nothing else, on stdout. */
export function printJson(content: Readonly<Record<string, unknown>>): void {
  write(`${JSON.stringify({ version: JSON_VERSION, ...content })}\n`);
}

export function printLines(lines: readonly string[]): void {
  write(`${lines.join('\n')}\n`);
}

/** All of it, also into a pipe that is read slowly; a reader that has gone ends us quietly. */
export function write(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

export function formatCount(count: number): string {
  // not by Intl, which takes ten milliseconds to load
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Columns, padded; empty ones are left out. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        widths[column] === 0 ? '' : column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 2),
      )
      .join('')
      .trimEnd(),
  );
}
