import { RocketMqError } from '../lib/errors/rocketmq-error.js';
import type { HostAddress } from '../lib/protocol/message/message.js';
import { fastPortOf, type BrokerOptions } from './config/broker-options.js';
import { ServerPort } from './remoting/server-port.js';
import type { Runtime } from './runtime.js';

/** The ports of a broker, taken before its parts are made: messages carry the real port. */
export class BrokerPorts {
  private constructor(
    readonly main: ServerPort,
    /** Serves what the main port serves but for requests that may be held; `undefined` when there is none. */
    readonly fast: ServerPort | undefined,
    /** What clients are told and messages are marked with: `brokerIP1`, resolved, and the real main port. */
    readonly advertised: HostAddress,
  ) {}

  /**
   * Takes the ports.
   * @throws RocketMqError `ADDRESS_IN_USE`, `CONFIG_INVALID`; then none is taken
   */
  static async take(options: BrokerOptions, runtime: Runtime): Promise<BrokerPorts> {
    const fastPort = fastPortOf(options);
    const main = portOf('broker port', options.listenPort, options, runtime);
    const fast = fastPort === undefined ? undefined : portOf('fast port', fastPort, options, runtime);
    try {
      const ip = await advertisedIp(options.brokerIP1, runtime);
      await main.bind();
      await fast?.bind();
      return new BrokerPorts(main, fast, { ip, port: main.port });
    } catch (error) {
      await Promise.all([main.close(), fast?.close()]);
      throw error;
    }
  }

  /** Gives the ports back. May be called again. */
  async close(): Promise<void> {
    await Promise.all([this.main.close(), this.fast?.close()]);
  }
}

function portOf(name: string, port: number, options: BrokerOptions, { clock, network, loggerOf }: Runtime): ServerPort {
  const limits = { maxFrameBytes: options.frameMaxLength, idleTimeoutMs: options.serverChannelMaxIdleTimeSeconds * 1000 };
  return new ServerPort(name, { host: options.bindAddress, port, ...limits }, { clock, network, logger: loggerOf('Broker') });
}

async function advertisedIp(brokerIP1: string, { host }: Runtime): Promise<string> {
  try {
    return await host.resolve(brokerIP1);
  } catch (cause) {
    throw new RocketMqError('CONFIG_INVALID', `brokerIP1=${brokerIP1} is no address and cannot be resolved; set it to an address clients can reach`, {
      cause,
      details: { brokerIP1 },
    });
  }
}
