import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import { RequestCode } from '../../lib/protocol/request-code.js';
import type { RequestProcessor } from './request-processor.js';

/**
 * Codes the fast ("VIP") port does not serve: requests that may be held would keep the port from being fast.
 * Apache: BrokerController.java, where they fall to the admin default and are answered "not supported".
 */
export const FAST_PORT_EXCLUDED_CODES: readonly number[] = [
  RequestCode.PULL_MESSAGE,
  RequestCode.LITE_PULL_MESSAGE,
  RequestCode.PEEK_MESSAGE,
  RequestCode.POP_MESSAGE,
  RequestCode.NOTIFICATION,
  RequestCode.POLLING_INFO,
];

/** The processors of a server by request code; built once, never changed. */
export class ProcessorTable {
  readonly #byCode: ReadonlyMap<number, RequestProcessor>;

  /** @throws RocketMqError `CONFIG_INVALID` when two processors claim one code */
  constructor(processors: Iterable<RequestProcessor>) {
    const byCode = new Map<number, RequestProcessor>();
    for (const processor of processors) {
      const { code, name } = processor.command;
      const other = byCode.get(code);
      if (other) throw duplicate(code, name, other, processor);
      byCode.set(code, processor);
    }
    this.#byCode = byCode;
  }

  /** The processor of a code; `undefined` when the code is not served. */
  find(code: number): RequestProcessor | undefined {
    return this.#byCode.get(code);
  }

  /** All codes served, ascending. */
  codes(): number[] {
    return [...this.#byCode.keys()].sort((a, b) => a - b);
  }

  /** The same processors without those of `codes`; codes that are not served are ignored. */
  without(codes: readonly number[]): ProcessorTable {
    const dropped = new Set(codes);
    return new ProcessorTable([...this.#byCode.values()].filter((processor) => !dropped.has(processor.command.code)));
  }
}

function duplicate(code: number, name: string, first: RequestProcessor, second: RequestProcessor): RocketMqError {
  const classes = `${first.constructor.name} and ${second.constructor.name}`;
  return new RocketMqError('CONFIG_INVALID', `request code ${code} (${name}) is served by two processors, ${classes}; keep one of them`, {
    details: { code, name, processors: [first.constructor.name, second.constructor.name] },
  });
}
