import { IsInt, IsNotEmpty, IsString, Max, Min } from 'class-validator';

/** Topic that paid orders are announced on. */
export const ORDER_TOPIC = 'order-paid';
/** Tag of these messages. */
export const ORDER_PAID_TAG = 'paid';

/** An order was paid: the one message between the two services. Amounts are integers in cents. */
export class OrderPaidEvent {
  @IsString()
  @IsNotEmpty()
  orderId!: string;

  @IsString()
  @IsNotEmpty()
  accountId!: string;

  @IsInt()
  @Min(1)
  @Max(100_000_000)
  amountCents!: number;
}
