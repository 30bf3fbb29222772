import { Controller } from '@nestjs/common';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

/** Counts how many runs of a handler overlap; all wait for {@link open}. */
class Gate {
  running = 0;
  most = 0;
  done = 0;
  open: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  async pass(): Promise<void> {
    this.most = Math.max(this.most, ++this.running);
    await this.#opened;
    this.running--;
    this.done++;
  }
}

it('bounds the runs of a handler that is alone in its group by the consumer itself', async () => {
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', group: 'g', concurrency: 3 })
    handle(): void {}
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  expect(cluster.consumers[0].options.concurrency).toBe(3);
});

it('bounds each handler of a shared group by itself, so that a slow one leaves room for the others', async () => {
  const slow = new Gate();
  const fast = new Gate();
  fast.open();
  @Controller()
  class Handlers {
    @RocketConsumer({ topic: 'slow', group: 'g', concurrency: 2 })
    onSlow(): Promise<void> {
      return slow.pass();
    }

    @RocketConsumer({ topic: 'fast', group: 'g', concurrency: 4 })
    onFast(): Promise<void> {
      return fast.pass();
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Handlers] });
  close = () => app.close();
  expect(cluster.consumers[0].options.concurrency).toBe(6);
  for (let i = 0; i < 4; i++) cluster.put('slow', {});
  for (let i = 0; i < 8; i++) cluster.put('fast', {});
  await eventually('the fast ones', () => fast.done === 8);
  expect(slow).toMatchObject({ running: 2, most: 2, done: 0 });
  slow.open();
  await eventually('the slow ones', () => slow.done === 4);
  expect(slow.most).toBe(2);
});
