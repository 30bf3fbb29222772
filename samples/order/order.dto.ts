import { IsInt, IsNotEmpty, IsString, Matches, Max, Min } from 'class-validator';

/** Body of `POST /orders`. The caller makes the order id, so that repeating the request is safe. */
export class PlaceOrderDto {
  @Matches(/^[\w-]{1,64}$/, { message: 'orderId must be 1 to 64 letters, digits, "-" or "_"' })
  orderId!: string;

  @IsString()
  @IsNotEmpty()
  accountId!: string;

  @IsInt()
  @Min(1)
  @Max(100_000_000)
  amountCents!: number;
}
