import type { PlannedOrder } from './order-plan.js';

/** What came back from the order service. */
export interface OrderTraffic {
  /** Orders the service accepted as new (201). */
  readonly accepted: number;
  /** Requests it recognised as repeated (200). */
  readonly repeated: number;
}

/** Posts all orders over HTTP, `concurrency` at a time; throws on any answer that is neither 200 nor 201. */
export async function postOrders(baseUrl: string, orders: readonly PlannedOrder[], concurrency: number): Promise<OrderTraffic> {
  let accepted = 0;
  let repeated = 0;
  let next = 0;
  const post = async (order: PlannedOrder): Promise<void> => {
    const response = await fetch(`${baseUrl}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ orderId: order.orderId, accountId: order.accountId, amountCents: order.amountCents }),
    });
    const text = await response.text();
    if (response.status === 201) accepted++;
    else if (response.status === 200) repeated++;
    else throw new Error(`POST /orders for ${order.orderId} was answered with ${response.status}: ${text}`);
  };
  const worker = async (): Promise<void> => {
    while (next < orders.length) {
      const order = orders[next++];
      await post(order);
      if (order.postedTwice) await post(order);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { accepted, repeated };
}
