/** One order of the demonstration. */
export interface PlannedOrder {
  readonly orderId: string;
  readonly accountId: string;
  readonly amountCents: number;
  /** The HTTP request is sent a second time. */
  readonly postedTwice: boolean;
  /** The message is sent a second time. */
  readonly sentTwice: boolean;
}

/** Everything the demonstration is going to do, and what must come out of it. */
export interface OrderPlan {
  readonly orders: readonly PlannedOrder[];
  /** Opening balance of every account, cents. */
  readonly openingCents: number;
  /** Order whose debit fails at its first delivery. */
  readonly failFirst: string;
  /** Balance per account after everything, cents. */
  readonly expectedBalances: ReadonlyMap<string, number>;
}

const ACCOUNTS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const OPENING_CENTS = 10_000_000;
const POSTED_TWICE_EVERY = 20;
const SENT_TWICE_EVERY = 25;

/** Plans `count` orders; the same count always gives the same plan under another `run` prefix. */
export function planOrders(count: number, run: string): OrderPlan {
  const orders = Array.from({ length: count }, (_, index): PlannedOrder => ({
    orderId: `${run}-${String(index + 1).padStart(6, '0')}`,
    accountId: ACCOUNTS[(index * 7 + Math.floor(index / 3)) % ACCOUNTS.length],
    amountCents: 100 + ((index * 7919) % 9000),
    postedTwice: index % POSTED_TWICE_EVERY === POSTED_TWICE_EVERY - 1,
    sentTwice: index % SENT_TWICE_EVERY === SENT_TWICE_EVERY - 1,
  }));
  const expectedBalances = new Map(ACCOUNTS.map((account) => [account, OPENING_CENTS]));
  for (const order of orders) {
    expectedBalances.set(order.accountId, (expectedBalances.get(order.accountId) ?? OPENING_CENTS) - order.amountCents);
  }
  return { orders, openingCents: OPENING_CENTS, failFirst: orders[Math.floor(count / 10)].orderId, expectedBalances };
}
