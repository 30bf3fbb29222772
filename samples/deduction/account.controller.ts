import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { IsInt, Min } from 'class-validator';
import type { AccountRow } from './deduction.database.js';
import { AccountService, type DeductionStats } from './account.service.js';

/** Body of `PUT /accounts/:id`. */
export class OpenAccountDto {
  @IsInt()
  @Min(0)
  balanceCents!: number;
}

/** An account as the API shows it. */
export interface AccountView {
  readonly accountId: string;
  readonly balanceCents: number;
}

/** HTTP API of the deduction service: to look, and to open accounts; debits come by message only. */
@Controller()
export class AccountController {
  constructor(private readonly accounts: AccountService) {}

  @Get('accounts')
  async list(): Promise<AccountView[]> {
    return (await this.accounts.list()).map(view);
  }

  @Get('accounts/:accountId')
  async balance(@Param('accountId') accountId: string): Promise<AccountView> {
    return view(await this.accounts.balance(accountId));
  }

  @Put('accounts/:accountId')
  async open(@Param('accountId') accountId: string, @Body() request: OpenAccountDto): Promise<AccountView> {
    return view(await this.accounts.open(accountId, request.balanceCents));
  }

  @Get('stats')
  async stats(): Promise<DeductionStats> {
    return this.accounts.stats();
  }
}

function view(row: AccountRow): AccountView {
  return { accountId: row.account_id, balanceCents: Number(row.balance_cents) };
}
