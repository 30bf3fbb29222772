import { Producer, PullConsumer, RocketMqError } from '../../lib/entry/client.js';
import { ORDER_PAID_TAG, ORDER_TOPIC } from '../order/order-paid.event.js';
import type { DeductionStats } from '../deduction/account.service.js';
import type { AccountView } from '../deduction/account.controller.js';
import type { DemoWorld } from './demo-world.js';
import type { OrderPlan, PlannedOrder } from './order-plan.js';
import { type OrderTraffic, postOrders } from './order-traffic.js';
import { atLeast, exactly, type ReportLine } from './report.js';
import { waitUntil } from './wait-until.js';

const DEAD_LETTER_TOPIC = '%DLQ%deduction';
const HTTP_CONCURRENCY = 16;
/** The first kill comes when this share of the debits was made, the others spread up to {@link LAST_KILL_AT}. */
const FIRST_KILL_AT = 0.3;
const LAST_KILL_AT = 0.9;
const SETTLE_TIMEOUT_MS = 60_000;

/** Plays the plan against the running world and says what came out. */
export class Scenario {
  private readonly producer: Producer;
  private readonly observer: PullConsumer;

  constructor(
    private readonly world: DemoWorld,
    private readonly plan: OrderPlan,
    private readonly kills: number,
    private readonly say: (line: string) => void,
  ) {
    this.producer = new Producer({ nameServers: world.nameServer, group: 'demo' });
    this.observer = new PullConsumer({ nameServers: world.nameServer, group: 'demo-observer' });
  }

  async run(): Promise<readonly ReportLine[]> {
    await this.producer.start();
    await this.observer.start();
    try {
      await this.openAccounts();
      const deadLettersBefore = await this.deadLetters();
      const storedBefore = await this.stored(ORDER_TOPIC);
      const posting = postOrders(this.world.orderUrl, this.plan.orders, HTTP_CONCURRENCY);
      posting.catch(() => undefined); // awaited below, after the kill
      await this.killInTheMiddle();
      const traffic = await posting;
      this.say(`${traffic.accepted} orders accepted over HTTP, ${traffic.repeated} of them posted twice`);
      const repeats = await this.sendAgain();
      await this.sendPoison();
      await this.settle(repeats, deadLettersBefore + 1);
      const stored = (await this.stored(ORDER_TOPIC)) - storedBefore;
      return await this.report(traffic, { repeats, stored, deadLetters: (await this.deadLetters()) - deadLettersBefore });
    } finally {
      await this.producer.shutdown();
      await this.observer.shutdown();
    }
  }

  private async openAccounts(): Promise<void> {
    for (const account of this.plan.expectedBalances.keys()) {
      await this.call(`accounts/${account}`, { method: 'PUT', body: JSON.stringify({ balanceCents: this.plan.openingCents }) });
    }
  }

  /** Kills the deduction service without warning while it is busy with the debits, and starts it again; as often as asked. */
  private async killInTheMiddle(): Promise<void> {
    for (let kill = 0; kill < this.kills; kill++) {
      const share = FIRST_KILL_AT + ((LAST_KILL_AT - FIRST_KILL_AT) * kill) / this.kills;
      const enough = Math.floor(this.plan.orders.length * share);
      await waitUntil(`${enough} debits were made`, async () => (await this.stats()).debits >= enough, SETTLE_TIMEOUT_MS, 20);
      await this.world.deduction.kill();
      this.say(`deduction service killed (SIGKILL) after ${enough} debits or more`);
      await this.world.deduction.start();
      this.say('deduction service started again');
    }
  }

  /** Sends some messages a second time, as a producer does whose acknowledgement was lost. */
  private async sendAgain(): Promise<number> {
    const repeated = this.plan.orders.filter((order) => order.sentTwice);
    for (const order of repeated) await this.producer.send(messageOf(order));
    this.say(`${repeated.length} messages sent a second time`);
    return repeated.length;
  }

  private async sendPoison(): Promise<void> {
    await this.producer.send({ topic: ORDER_TOPIC, tag: ORDER_PAID_TAG, keys: 'poison', body: '{"orderId": "poison", "accountId": ' });
    this.say('one poison message sent (its JSON is cut off)');
  }

  /** Waits until every order is debited, every repeated message was seen, and the poison message is put away. */
  private async settle(repeats: number, deadLetters: number): Promise<void> {
    await waitUntil('every order was debited', async () => (await this.stats()).debits >= this.plan.orders.length, SETTLE_TIMEOUT_MS);
    await waitUntil('every repeated message was suppressed', async () => (await this.stats()).duplicates >= repeats, SETTLE_TIMEOUT_MS);
    await waitUntil('the poison message was dead-lettered', async () => (await this.deadLetters()) >= deadLetters, SETTLE_TIMEOUT_MS);
  }

  private deadLetters(): Promise<number> {
    return this.stored(DEAD_LETTER_TOPIC);
  }

  /** Messages of a topic that a broker has, by the max offsets of its queues. */
  private async stored(topic: string): Promise<number> {
    try {
      const queues = await this.observer.queuesOf(topic);
      const counts = await Promise.all(queues.map((queue) => this.observer.maxOffset(queue)));
      return counts.reduce((sum, count) => sum + count, 0);
    } catch (error) {
      if (error instanceof RocketMqError && error.code === 'TOPIC_ROUTE_NOT_FOUND') return 0; // it comes into being with its first message
      throw error;
    }
  }

  private async report(traffic: OrderTraffic, found: { repeats: number; stored: number; deadLetters: number }): Promise<readonly ReportLine[]> {
    const stats = await this.stats();
    const count = this.plan.orders.length;
    const accounts = await this.call<AccountView[]>('accounts');
    const balances = new Map(accounts.map((account) => [account.accountId, account.balanceCents]));
    return [
      exactly('orders accepted', count, traffic.accepted),
      exactly('requests posted twice, answered with the first order', this.plan.orders.filter((order) => order.postedTwice).length, traffic.repeated),
      atLeast('messages sent (orders, sent twice, poison)', count + found.repeats + 1, found.stored),
      // One order is delivered again because it failed. The poison message does not get as far as the count.
      atLeast('deliveries received', count + found.repeats + 1, stats.received),
      atLeast('of them redelivered (failed, or in flight at the kill)', 1, stats.redelivered),
      atLeast('duplicates suppressed', found.repeats, stats.duplicates),
      exactly('debits made', count, stats.debits),
      exactly('dead-lettered', 1, found.deadLetters),
      ...[...this.plan.expectedBalances].map(([account, expected]) => exactly(`balance of ${account}, cents`, expected, balances.get(account) ?? Number.NaN)),
    ];
  }

  private stats(): Promise<DeductionStats> {
    return this.call<DeductionStats>('stats');
  }

  private async call<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(`${this.world.deduction.url}/${path}`, { ...init, headers: { 'content-type': 'application/json' } });
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} /${path} was answered with ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

function messageOf(order: PlannedOrder): { topic: string; tag: string; keys: string; shardingKey: string; body: string } {
  const { orderId, accountId, amountCents } = order;
  return { topic: ORDER_TOPIC, tag: ORDER_PAID_TAG, keys: orderId, shardingKey: accountId, body: JSON.stringify({ orderId, accountId, amountCents }) };
}
