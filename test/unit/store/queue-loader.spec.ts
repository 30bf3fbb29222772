import { describe, expect, it } from 'vitest';

import { ConsumeQueue } from '../../../broker/store/consume-queue/consume-queue.js';
import { QueueFiles } from '../../../broker/store/consume-queue/queue-files.js';
import { QueueLoader } from '../../../broker/store/consume-queue/queue-loader.js';
import { writeEntry } from '../../../broker/store/consume-queue/queue-entry.js';
import { seededChance, SimulatedDisk } from '../../support/simulated-disk.js';

/** Entries of records of 100 bytes each, at offsets 0, 100, 200, … */
function entries(count: number): Buffer {
  const buffer = Buffer.alloc(count * 20);
  for (let index = 0; index < count; index++) writeEntry(buffer, index * 20, index * 100, 100, 1);
  return buffer;
}

describe.each([[50], [333], [1000]])('with %i entries a file', (entriesPerFile) => {
  const files = (): QueueFiles => {
    const disk = new SimulatedDisk(seededChance(1));
    return new QueueFiles(disk, '/consumequeue', entriesPerFile * 20, 8);
  };

  it.each([1, 2, 49, 50, 51, 199, 200, 201, 332, 333, 334, 999, 1000, 1001, 2500])('finds the end of a queue of %i, and cuts it anywhere', (count) => {
    const all = files();
    all.write('T', 0, { start: 0, end: 0 }, 0, entries(count));
    const loader = new QueueLoader(all, false);
    const queue = new ConsumeQueue('T', 0, { start: 0, end: 0 });
    loader.load(queue);
    expect([queue.firstOffset, queue.maxOffset, queue.nextOffset, queue.physicalEnd]).toEqual([0, count, count, count * 100]);
    for (const cut of [count - 1, Math.floor(count / 2), 1, 0].filter((at) => at < count)) {
      loader.cut(queue, cut * 100);
      expect([queue.maxOffset, queue.physicalEnd]).toEqual([cut, cut * 100]);
      const again = new ConsumeQueue('T', 0, { start: 0, end: 0 });
      loader.load(again);
      expect(again.maxOffset).toBe(cut);
    }
  });

  it('keeps the offset of a queue of which nothing is left', () => {
    const all = files();
    const span = { start: 0, end: 0 };
    all.write('T', 0, span, entriesPerFile * 20 * 3 + 20, entries(2));
    const loader = new QueueLoader(all, true);
    const queue = new ConsumeQueue('T', 0, { start: 0, end: 0 });
    loader.load(queue);
    expect(queue.maxOffset).toBe(entriesPerFile * 3 + 3);
    loader.cut(queue, 1);
    const again = new ConsumeQueue('T', 0, { start: 0, end: 0 });
    loader.load(again);
    // The filler and the entry of the record at offset 0 stay.
    expect(again.maxOffset).toBe(entriesPerFile * 3 + 2);
  });
});
