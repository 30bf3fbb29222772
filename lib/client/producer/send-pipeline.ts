import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { RocketMqErrorCode } from '../../errors/rocketmq-error.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import { ResponseCode } from '../../protocol/response-code.js';
import { responseCodeOf } from '../../remoting/command-response.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { Clock } from '../../runtime/clock.js';
import type { TopicQueues, TopicRouteTable } from '../route/topic-route-table.js';
import type { SendResult } from '../types.js';
import type { FaultTracker } from './fault-tracker.js';
import type { OutgoingMessage } from './outgoing-message.js';
import type { RoundRobin } from './queue-selector.js';
import { sendRequest, sendResultOf } from './send-request.js';

/** How sends are made. */
export interface SendSettings {
  readonly producerGroup: string;
  readonly defaultTopicQueueNums: number;
  readonly retryTimesWhenSendFailed: number;
  readonly retryAnotherBrokerWhenNotStoreOk: boolean;
}

/** Chooses one queue, once; the send is then not tried elsewhere. */
export type FixedQueue = (queues: readonly MessageQueue[]) => MessageQueue;

/** Answers after which another broker may store the message. Apache: DefaultMQProducer.java. */
const RETRY_RESPONSE_CODES: ReadonlySet<number> = new Set([
  ResponseCode.SYSTEM_ERROR,
  ResponseCode.SYSTEM_BUSY,
  ResponseCode.SERVICE_NOT_AVAILABLE,
  ResponseCode.NO_PERMISSION,
  ResponseCode.TOPIC_NOT_EXIST,
  ResponseCode.NO_BUYER_ID,
  ResponseCode.NOT_IN_CURRENT_UNIT,
  ResponseCode.GO_AWAY,
]);
/** Failures of the network, after which another broker may store the message. */
const RETRY_ERROR_CODES: ReadonlySet<RocketMqErrorCode> = new Set<RocketMqErrorCode>([
  'CONNECT_FAILED',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'REQUEST_TIMEOUT',
  'BROKER_NOT_FOUND',
]);

/** Takes a composed message to a broker: chooses queues, tries again elsewhere, minds the time. */
export class SendPipeline {
  readonly #remoting: RemotingClient;
  readonly #routes: TopicRouteTable;
  readonly #settings: SendSettings;
  readonly #roundRobin: RoundRobin;
  readonly #faults: FaultTracker;
  readonly #clock: Clock;

  constructor(remoting: RemotingClient, routes: TopicRouteTable, settings: SendSettings, roundRobin: RoundRobin, faults: FaultTracker, clock: Clock) {
    this.#remoting = remoting;
    this.#routes = routes;
    this.#settings = settings;
    this.#roundRobin = roundRobin;
    this.#faults = faults;
    this.#clock = clock;
  }

  /**
   * Sends and waits for the answer.
   * @param timeoutMs time for all attempts together
   * @throws RocketMqError `SEND_FAILED`, `TOPIC_ROUTE_NOT_FOUND`, `NO_NAME_SERVER`, `TOO_MANY_REQUESTS`
   */
  async send(message: OutgoingMessage, timeoutMs: number, fixed?: FixedQueue): Promise<SendResult> {
    const started = this.#clock.monotonic();
    const queues = this.#known(message.topic) ?? (await this.#lookUp(message.topic));
    const mostAttempts = fixed === undefined ? 1 + this.#settings.retryTimesWhenSendFailed : 1;
    let failure: unknown;
    let notStoredWell: SendResult | undefined;
    let failedBroker: string | undefined;
    let attempts = 0;
    while (attempts < mostAttempts) {
      const attemptStarted = attempts === 0 ? started : this.#clock.monotonic();
      const left = timeoutMs - (attemptStarted - started);
      if (left <= 0) break;
      const queue = fixed === undefined ? this.#roundRobin.pick(message.topic, queues.publish, failedBroker) : fixed(queues.publish);
      attempts++;
      try {
        const address = this.#addressOf(queue);
        const response = await this.#remoting.invoke(address, this.#request(message, queue), left);
        const result = sendResultOf(response, message, queue, address);
        this.#faults.succeeded(queue.brokerName, this.#clock.monotonic() - attemptStarted);
        if (result.sendStatus === 'SEND_OK' || !this.#settings.retryAnotherBrokerWhenNotStoreOk) return result;
        notStoredWell = result;
      } catch (error) {
        this.#faults.failed(queue.brokerName);
        failure = error;
        if (!mayTryElsewhere(error)) break;
        if (error instanceof RocketMqError && error.code === 'BROKER_NOT_FOUND') void this.#routes.refreshQuietly(message.topic);
      }
      failedBroker = queue.brokerName;
    }
    // Stored, if not as durably as configured: better than a failure that makes the caller send it once more.
    if (notStoredWell !== undefined) return notStoredWell;
    throw sendFailed(message.topic, attempts, timeoutMs, failure);
  }

  /**
   * Sends without an answer; resolves when the socket took it.
   * @throws RocketMqError `SEND_FAILED`, `TOPIC_ROUTE_NOT_FOUND`, `NO_NAME_SERVER`
   */
  async sendOneway(message: OutgoingMessage, fixed?: FixedQueue): Promise<void> {
    const queues = this.#known(message.topic) ?? (await this.#lookUp(message.topic));
    const queue = fixed === undefined ? this.#roundRobin.pick(message.topic, queues.publish, undefined) : fixed(queues.publish);
    try {
      await this.#remoting.sendOneway(this.#addressOf(queue), this.#request(message, queue));
    } catch (error) {
      throw sendFailed(message.topic, 1, 0, error);
    }
  }

  #known(topic: string): TopicQueues | undefined {
    const known = this.#routes.known(topic);
    return known !== undefined && known.publish.length > 0 ? known : undefined;
  }

  #lookUp(topic: string): Promise<TopicQueues> {
    return this.#routes.queuesForSending(topic, this.#settings.defaultTopicQueueNums);
  }

  #request(message: OutgoingMessage, queue: MessageQueue): ReturnType<typeof sendRequest> {
    const { producerGroup, defaultTopicQueueNums } = this.#settings;
    return sendRequest(message, queue, { producerGroup, defaultTopicQueueNums, bornTimestamp: this.#clock.now() });
  }

  #addressOf(queue: MessageQueue): string {
    const address = this.#routes.brokers.master(queue.brokerName);
    if (address !== undefined) return address;
    throw new RocketMqError('BROKER_NOT_FOUND', `the broker "${queue.brokerName}" has no master at the moment; another queue or a later try may do`, {
      retryable: true,
      details: { brokerName: queue.brokerName },
    });
  }
}

function mayTryElsewhere(error: unknown): boolean {
  const responseCode = responseCodeOf(error);
  if (responseCode !== undefined) return RETRY_RESPONSE_CODES.has(responseCode);
  return error instanceof RocketMqError && RETRY_ERROR_CODES.has(error.code);
}

function sendFailed(topic: string, attempts: number, timeoutMs: number, cause: unknown): RocketMqError {
  if (cause instanceof RocketMqError && (cause.code === 'TOO_MANY_REQUESTS' || cause.code === 'CLIENT_CLOSED')) return cause;
  const reason = cause instanceof Error ? cause.message : `no attempt was possible within ${timeoutMs} ms`;
  return new RocketMqError('SEND_FAILED', `a message to "${topic}" was not acknowledged after ${attempts} attempt(s): ${reason}`, {
    retryable: mayTryElsewhere(cause),
    details: { topic, attempts, responseCode: responseCodeOf(cause) },
    cause,
  });
}
