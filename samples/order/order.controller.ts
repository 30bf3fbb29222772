import { Body, Controller, Get, HttpStatus, NotFoundException, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { PlaceOrderDto } from './order.dto.js';
import { OrderService, type OrderView } from './order.service.js';

/** HTTP API of the order service. */
@Controller('orders')
export class OrderController {
  constructor(private readonly orders: OrderService) {}

  /** 201 for a new order, 200 for a repeated request, 409 for another order under the same id. */
  @Post()
  async place(@Body() request: PlaceOrderDto, @Res({ passthrough: true }) response: Response): Promise<OrderView> {
    const { order, created } = await this.orders.place(request);
    response.status(created ? HttpStatus.CREATED : HttpStatus.OK);
    return order;
  }

  @Get(':orderId')
  async find(@Param('orderId') orderId: string): Promise<OrderView> {
    const order = await this.orders.find(orderId);
    if (!order) throw new NotFoundException(`there is no order "${orderId}"`);
    return order;
  }
}
