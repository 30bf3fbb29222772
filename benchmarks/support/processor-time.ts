import { readFileSync } from 'node:fs';

/** What Linux counts processor time of a process in, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;
/** Fields after the name of the program in `/proc/<pid>/stat`; `man 5 proc` counts them from 3. */
const USER_TIME = 14 - 3;
const SYSTEM_TIME = 15 - 3;

/** Processor time a process has used so far, of all its threads, in user and in kernel mode, in seconds. Linux only. */
export function processorSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
}
