import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import type { RequestHandler } from '../../lib/remoting/remoting-channel.js';
import { RemotingServer, type RemotingServerHooks, type RemotingServerOptions } from '../../lib/remoting/remoting-server.js';
import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { Network } from '../../lib/runtime/network.js';
import type { LifecycleStage } from '../lifecycle.js';
import type { RequestDispatcher } from './request-dispatcher.js';

/** What a port runs on. */
export interface ServerPortRuntime {
  readonly clock: Clock;
  readonly network: Network;
  readonly logger: Logger;
}

/** What serves a port, and who hears of its connections. */
export interface PortService {
  readonly handler: RequestHandler;
  readonly hooks: RemotingServerHooks;
}

/**
 * A port in two steps: taken first, because a broker has to know its real port (0 lets the system choose) before it can
 * make its parts, and to find a taken port before it touches a store; served later. Whoever connects in between is disconnected,
 * as if nobody were there yet.
 */
export class ServerPort {
  #address: { host: string; port: number } | undefined;
  #server: RemotingServer | undefined;
  #service: PortService | undefined;

  constructor(
    /** What errors and logs call it, e.g. `broker port`. */
    readonly name: string,
    private readonly options: RemotingServerOptions,
    private readonly runtime: ServerPortRuntime,
  ) {}

  /** The real port; throws when it is not taken. */
  get port(): number {
    if (this.#address === undefined) throw new Error(`the ${this.name} is not open`);
    return this.#address.port;
  }

  /** Takes the port; harmless when it is taken by us already. @throws RocketMqError `ADDRESS_IN_USE`, `CONFIG_INVALID` */
  async bind(): Promise<void> {
    if (this.#server !== undefined) return;
    const { clock, network, logger } = this.runtime;
    const handler: RequestHandler = (request, channel) => this.#service?.handler(request, channel);
    const hooks: RemotingServerHooks = {
      onConnected: (channel) => (this.#service === undefined ? channel.close() : this.#service.hooks.onConnected?.(channel)),
      onClosed: (channel) => this.#service?.hooks.onClosed?.(channel),
    };
    const server = new RemotingServer(this.options, handler, clock, logger, hooks, network);
    try {
      this.#address = await server.listen();
    } catch (cause) {
      throw this.#explained(cause);
    }
    this.#server = server;
  }

  /** Serves from now on. */
  serve(service: PortService): void {
    this.#service = service;
    this.runtime.logger.info(`the ${this.name} is open`, this.#address);
  }

  /** Closes the port and its connections; what is written leaves first. May be called again. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    // Who goes with the port need not hear of every connection that closes with it.
    this.#service = undefined;
    await server?.close();
  }

  #explained(cause: unknown): unknown {
    if (cause instanceof RocketMqError) return cause;
    const { host, port } = this.options;
    const details = { host, port };
    switch ((cause as NodeJS.ErrnoException).code) {
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return new RocketMqError('CONFIG_INVALID', `the ${this.name} cannot listen on ${host}: this machine has no such address; set bindAddress to one it has`, { cause, details });
      case 'EACCES':
        return new RocketMqError('CONFIG_INVALID', `the ${this.name} may not listen on port ${port}: ports below 1024 need privileges; choose another`, { cause, details });
      default:
        return cause;
    }
  }
}

/** A port with what answers its requests. */
export interface ServedPort {
  readonly port: ServerPort;
  readonly dispatcher: RequestDispatcher;
}

/** What a {@link PortStage} needs beside its ports. */
export interface PortStageSettings {
  readonly hooks: RemotingServerHooks;
  /** Time that requests under way have to finish at the stop, ms. */
  readonly drainMs: number;
  /** Called again and again while the ports drain, to end what would wait on purpose (held pulls). */
  readonly onDraining?: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const DRAIN_STEP_MS = 50;

/** Serves ports for as long as their process runs; at the stop, requests under way may finish first. */
export class PortStage implements LifecycleStage {
  readonly name: string;

  constructor(
    private readonly served: readonly ServedPort[],
    private readonly settings: PortStageSettings,
  ) {
    this.name = served.map(({ port }) => port.name).join(' and the ');
  }

  /** @throws RocketMqError `ADDRESS_IN_USE`, `CONFIG_INVALID` */
  async start(): Promise<void> {
    try {
      for (const { port } of this.served) await port.bind();
    } catch (error) {
      await this.#close();
      throw error;
    }
    for (const { port, dispatcher } of this.served) port.serve({ handler: dispatcher.handle, hooks: this.settings.hooks });
  }

  async stop(): Promise<void> {
    for (const { dispatcher } of this.served) dispatcher.beginDraining();
    const open = await this.#drain();
    if (open > 0) this.settings.logger.warn(`the ${this.name} closes with requests unanswered`, { requests: open });
    await this.#close();
  }

  /** @returns how many requests are still unanswered */
  async #drain(): Promise<number> {
    const { drainMs, onDraining, clock } = this.settings;
    const deadline = clock.monotonic() + drainMs;
    for (;;) {
      onDraining?.();
      const open = Math.max(...this.served.map(({ dispatcher }) => dispatcher.counters().inFlightRequests));
      const left = deadline - clock.monotonic();
      if (open === 0 || left <= 0) return open;
      await Promise.all(this.served.map(({ dispatcher }) => dispatcher.whenIdle(Math.min(DRAIN_STEP_MS, left))));
    }
  }

  async #close(): Promise<void> {
    await Promise.all(this.served.map(({ port }) => port.close()));
  }
}
