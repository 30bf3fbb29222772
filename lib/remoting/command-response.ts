import { RocketMqError } from '../errors/rocketmq-error.js';
import { decodeHeader } from '../protocol/define-command.js';
import type { Command, HeaderOf } from '../protocol/define-command.js';
import type { ExtFields, RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode, responseCodeName } from '../protocol/response-code.js';

/** A response together with the declaration of the command it answers. */
export class CommandResponse<C extends Command = Command> {
  readonly #command: C;
  readonly #raw: RemotingCommand;
  /** Who answered, `host:port`. */
  readonly address: string;

  constructor(command: C, raw: RemotingCommand, address: string) {
    this.#command = command;
    this.#raw = raw;
    this.address = address;
  }

  /** Response code. */
  get code(): number {
    return this.#raw.code;
  }

  get remark(): string | undefined {
    return this.#raw.remark;
  }

  get body(): Buffer {
    return this.#raw.body;
  }

  get extFields(): ExtFields {
    return this.#raw.extFields;
  }

  /** Version of the peer. */
  get version(): number {
    return this.#raw.version;
  }

  /**
   * The response header; decoded when asked for, because errors often have none.
   * @throws RocketMqError `PROTOCOL_MISSING_FIELD`, `PROTOCOL_BAD_FIELD`
   */
  get header(): HeaderOf<C['response']> {
    return decodeHeader(this.#command.response, this.#raw.extFields) as HeaderOf<C['response']>;
  }

  /**
   * Returns this response if its code is SUCCESS.
   * @throws RocketMqError `RESPONSE_ERROR`
   */
  expectSuccess(): this {
    if (this.#raw.code !== ResponseCode.SUCCESS) throw responseError(this.#command.name, this.#raw, this.address);
    return this;
  }
}

/** A peer answered with another code than hoped for; `details` has `responseCode`, `remark`, `address`. */
export function responseError(commandName: string, response: Pick<RemotingCommand, 'code' | 'remark'>, address: string): RocketMqError {
  const { code, remark } = response;
  return new RocketMqError('RESPONSE_ERROR', `${address} answered ${commandName} with ${responseCodeName(code)} (${code}): ${remark ?? 'no remark'}`, {
    retryable: code === ResponseCode.SYSTEM_BUSY || code === ResponseCode.SYSTEM_ERROR || code === ResponseCode.FLOW_CONTROL,
    details: { responseCode: code, remark, address, command: commandName },
  });
}

/** Response code of a {@link responseError}; `undefined` for every other error. */
export function responseCodeOf(error: unknown): number | undefined {
  if (!(error instanceof RocketMqError) || error.code !== 'RESPONSE_ERROR') return undefined;
  return typeof error.details.responseCode === 'number' ? error.details.responseCode : undefined;
}
