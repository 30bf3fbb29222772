import Table from 'cli-table3';

/** One line of the table: what was to happen and what did. */
export interface ReportLine {
  readonly what: string;
  readonly expected: number | string;
  readonly found: number | string;
  /** Whether the line decides the verdict and is as expected; `undefined` for lines that only inform. */
  readonly ok?: boolean;
}

/** A line that must match exactly. */
export function exactly(what: string, expected: number, found: number): ReportLine {
  return { what, expected, found, ok: expected === found };
}

/** A line whose figure must be at least `expected` (redeliveries depend on when the process was killed). */
export function atLeast(what: string, expected: number, found: number): ReportLine {
  return { what, expected: `≥ ${expected}`, found, ok: found >= expected };
}

/** Whether every deciding line is as expected. */
export function allOk(lines: readonly ReportLine[]): boolean {
  return lines.every((line) => line.ok !== false);
}

/** Draws the table. */
export function renderReport(lines: readonly ReportLine[]): string {
  const table = new Table({
    head: ['', 'expected', 'found', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const line of lines) table.push([line.what, String(line.expected), String(line.found), line.ok === undefined ? '' : line.ok ? 'ok' : 'WRONG']);
  return table.toString();
}
