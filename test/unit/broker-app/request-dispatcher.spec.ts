import { expect, test } from 'vitest';

import { RequestDispatcher } from '../../../broker/remoting/request-dispatcher.js';
import { DEFAULT_IN_FLIGHT_LIMITS, InFlightMeter } from '../../../broker/remoting/in-flight-limits.js';
import { FAST_PORT_EXCLUDED_CODES, ProcessorTable } from '../../../broker/remoting/processor-table.js';
import { NO_REPLY, RequestRefusedError, success, type RequestProcessor } from '../../../broker/remoting/request-processor.js';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import { defineCommand, optional, required } from '../../../lib/protocol/define-command.js';
import { FLAG_ONEWAY } from '../../../lib/protocol/remoting-command.js';
import type { Logger } from '../../../lib/runtime/logger.js';
import { FakeChannel, incoming } from '../../support/fake-channel.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const echo = defineCommand({
  name: 'ECHO',
  code: 9001,
  request: { text: required.string(), times: optional.int() },
  response: { text: required.string(), count: optional.long() },
});

class EchoProcessor implements RequestProcessor<typeof echo> {
  readonly command = echo;
  constructor(readonly handle: RequestProcessor<typeof echo>['handle']) {}
}

class PullProcessor implements RequestProcessor<typeof pullMessage> {
  readonly command = pullMessage;
  handle(): typeof NO_REPLY {
    return NO_REPLY;
  }
}

class LogLines implements Logger {
  readonly lines: string[] = [];
  debug(): void {}
  info(): void {}
  warn(message: string): void {
    this.lines.push(message);
  }
  error(message: string): void {
    this.lines.push(message);
  }
}

function dispatcherOf(handle: RequestProcessor<typeof echo>['handle'], limits = DEFAULT_IN_FLIGHT_LIMITS) {
  const logger = new LogLines();
  const clock = new VirtualClock();
  const table = new ProcessorTable([new EchoProcessor(handle), new PullProcessor()]);
  return { dispatcher: new RequestDispatcher(table, clock, logger, new InFlightMeter(limits)), logger, clock, channel: new FakeChannel() };
}

const noop = (): void => undefined;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('decodes the header, and answers a synchronous reply before handle() returns', () => {
  const { dispatcher, channel } = dispatcherOf(({ header }, context) => {
    expect(context).toMatchObject({ connectionId: channel.id, remoteAddress: channel.remoteAddress, signal: channel.closed });
    return { ...success<typeof echo>({ text: header.text, count: header.times }, Buffer.from('b')), extFields: { MORE: 'x' } };
  });
  const request = incoming(9001, { text: 'hello', times: '3' });
  dispatcher.handle(request, channel);
  expect(channel.replies).toEqual([
    { request, response: { code: 0, remark: undefined, extFields: { text: 'hello', count: '3', MORE: 'x' }, body: Buffer.from('b') } },
  ]);
});

test('answers a promised reply when it is there, and counts it as in flight until then', async () => {
  let finish = noop;
  const { dispatcher, channel } = dispatcherOf(() => new Promise((resolve) => (finish = () => resolve({ code: 0 }))));
  dispatcher.handle(incoming(9001, { text: 'x' }, { body: Buffer.alloc(10) }), channel);
  expect(dispatcher.counters()).toMatchObject({ received: 1, inFlightRequests: 1, inFlightBytes: 10 });
  expect(channel.replies).toHaveLength(0);
  const idle = dispatcher.whenIdle(1000);
  finish();
  expect(await idle).toBe(true);
  expect(channel.replies[0].response.code).toBe(0);
  expect(dispatcher.counters()).toMatchObject({ inFlightRequests: 0, inFlightBytes: 0 });
});

test('an unknown code is answered 3 with Apache\'s text', () => {
  const { dispatcher, channel } = dispatcherOf(() => NO_REPLY);
  dispatcher.handle(incoming(4711), channel);
  expect(channel.replies[0].response).toEqual({ code: 3, remark: ' request type 4711 not supported' });
  expect(dispatcher.counters().unsupported).toBe(1);
});

test.each([
  ['a missing field', {}, /"text" is missing/],
  ['a bad field', { text: 'x', times: 'many' }, /"times" is "many"; expected a 32-bit integer/],
])('%s is answered 1 with a remark naming it, and not logged', (_what, fields, remark) => {
  const { dispatcher, channel, logger } = dispatcherOf(() => NO_REPLY);
  dispatcher.handle(incoming(9001, fields as Record<string, string>), channel);
  expect(channel.replies[0].response.code).toBe(1);
  expect(channel.replies[0].response.remark).toMatch(remark);
  expect(logger.lines).toEqual([]);
});

test.each([
  ['a refusal', new RequestRefusedError(17, 'topic T does not exist', { a: 'b' }), { code: 17, remark: 'topic T does not exist', extFields: { a: 'b' } }, 0],
  ['a closed store', new RocketMqError('STORE_CLOSED', 'the store is closed'), { code: 14, remark: 'the store is closed', extFields: undefined }, 0],
  ['an unexpected error', new TypeError('boom'), { code: 1, remark: 'TypeError: boom', extFields: undefined }, 1],
  ['a failed write', new RocketMqError('STORE_WRITE_FAILED', 'disk full'), { code: 1, remark: 'STORE_WRITE_FAILED: disk full', extFields: undefined }, 1],
])('%s is answered with its code, thrown or rejected', async (_what, error, response, logged) => {
  for (const handle of [() => { throw error; }, () => Promise.reject(error)]) {
    const { dispatcher, channel, logger } = dispatcherOf(handle);
    dispatcher.handle(incoming(9001, { text: 'x' }), channel);
    await settle();
    expect(channel.replies.map((reply) => reply.response)).toEqual([response]);
    expect(logger.lines).toHaveLength(logged);
    expect(dispatcher.counters()).toMatchObject({ failed: logged, inFlightRequests: 0 });
  }
});

test('failures are logged at most once a second per code, with the number left out', () => {
  const { dispatcher, channel, logger, clock } = dispatcherOf(() => { throw new Error('boom'); });
  for (let i = 0; i < 100; i++) dispatcher.handle(incoming(9001, { text: 'x' }), channel);
  expect(logger.lines).toHaveLength(1);
  clock.advance(1001);
  dispatcher.handle(incoming(9001, { text: 'x' }), channel);
  expect(logger.lines).toHaveLength(2);
  expect(channel.replies).toHaveLength(101);
});

test('one-way requests are served and never answered, also not on error', async () => {
  let served = 0;
  const handlers: RequestProcessor<typeof echo>['handle'][] = [
    () => (served++, { code: 0 }),
    () => (served++, Promise.resolve({ code: 0 })),
    () => { served++; throw new Error('boom'); },
  ];
  for (const handle of handlers) {
    const { dispatcher, channel } = dispatcherOf(handle);
    dispatcher.handle(incoming(9001, { text: 'x' }, { flag: FLAG_ONEWAY }), channel);
    dispatcher.handle(incoming(9001, {}, { flag: FLAG_ONEWAY }), channel);
    dispatcher.handle(incoming(4711, {}, { flag: FLAG_ONEWAY }), channel);
    await settle();
    expect(channel.replies).toEqual([]);
  }
  expect(served).toBe(3);
});

test('NO_REPLY leaves the request unanswered', () => {
  const { dispatcher, channel } = dispatcherOf(() => NO_REPLY);
  dispatcher.handle(incoming(9001, { text: 'x' }), channel);
  expect(channel.replies).toEqual([]);
});

const never = (): Promise<never> => new Promise(() => undefined);

test('too many unanswered requests of one connection are answered SYSTEM_BUSY; others are still served', () => {
  const { dispatcher, channel } = dispatcherOf(never, { ...DEFAULT_IN_FLIGHT_LIMITS, connectionRequests: 2 });
  for (let i = 0; i < 3; i++) dispatcher.handle(incoming(9001, { text: 'x' }), channel);
  expect(channel.replies.map(({ response }) => response.code)).toEqual([2]);
  expect(channel.replies[0].response.remark).toMatch(/^\[OVERLOAD\]/);
  const other = new FakeChannel();
  dispatcher.handle(incoming(9001, { text: 'x' }), other);
  expect(other.replies).toEqual([]);
  expect(dispatcher.counters()).toMatchObject({ overloaded: 1, inFlightRequests: 3 });
});

test.each([
  ['connection', { connectionBytes: 100 }, [0, 0]],
  ['process', { totalBytes: 100 }, [0, 1]],
  ['process requests', { totalRequests: 1 }, [0, 1]],
])('the %s limit bounds what is unanswered', (_what, limits, expected) => {
  const { dispatcher } = dispatcherOf(never, { ...DEFAULT_IN_FLIGHT_LIMITS, ...limits });
  const busy = [new FakeChannel(), new FakeChannel()].map((channel) => {
    dispatcher.handle(incoming(9001, { text: 'x' }, { body: Buffer.alloc(80) }), channel);
    return channel.replies.length;
  });
  expect(busy).toEqual(expected);
});

test('an answered request makes room for the next one on its connection', async () => {
  const finishers: (() => void)[] = [];
  const { dispatcher, channel } = dispatcherOf(() => new Promise((resolve) => finishers.push(() => resolve({ code: 0 }))), {
    ...DEFAULT_IN_FLIGHT_LIMITS,
    connectionRequests: 1,
    connectionBytes: 10,
  });
  for (let i = 0; i < 3; i++) {
    dispatcher.handle(incoming(9001, { text: 'x' }, { body: Buffer.alloc(10) }), channel);
    finishers[i]();
    await settle();
  }
  expect(channel.replies.map(({ response }) => response.code)).toEqual([0, 0, 0]);
});

test('one request larger than the connection\'s byte limit is served while it is alone', () => {
  const { dispatcher, channel } = dispatcherOf(never, { ...DEFAULT_IN_FLIGHT_LIMITS, connectionBytes: 10 });
  for (let i = 0; i < 2; i++) dispatcher.handle(incoming(9001, { text: 'x' }, { body: Buffer.alloc(80) }), channel);
  expect(channel.replies.map(({ response }) => response.code)).toEqual([2]);
});

test('a closed connection gives back everything it had in flight, once', async () => {
  const finishers: (() => void)[] = [];
  const { dispatcher, channel, logger } = dispatcherOf(() => new Promise((_, reject) => finishers.push(() => reject(new Error('aborted')))));
  for (let i = 0; i < 5; i++) dispatcher.handle(incoming(9001, { text: 'x' }, { body: Buffer.alloc(8) }), channel);
  channel.close();
  expect(dispatcher.counters()).toMatchObject({ inFlightRequests: 0, inFlightBytes: 0 });
  for (const finish of finishers) finish();
  await settle();
  expect(dispatcher.counters()).toMatchObject({ inFlightRequests: 0, inFlightBytes: 0, failed: 0 });
  expect(logger.lines).toEqual([]);
});

test('whenIdle gives up after its time', async () => {
  const { dispatcher, channel, clock } = dispatcherOf(never);
  dispatcher.handle(incoming(9001, { text: 'x' }), channel);
  const idle = dispatcher.whenIdle(500);
  clock.advance(500);
  expect(await idle).toBe(false);
});

test('while draining, clients that understand GO_AWAY get it and older ones are served', () => {
  const { dispatcher, channel } = dispatcherOf(() => ({ code: 0 }));
  dispatcher.beginDraining();
  dispatcher.handle(incoming(9001, { text: 'x' }, { version: 479 }), channel);
  dispatcher.handle(incoming(9001, { text: 'x' }, { version: 475 }), channel);
  expect(channel.replies.map(({ response }) => response.code)).toEqual([1500, 0]);
});

test('two processors for one code are rejected, naming both', () => {
  expect(() => new ProcessorTable([new PullProcessor(), new PullProcessor()])).toThrow(/request code 11 \(PULL_MESSAGE\).*PullProcessor and PullProcessor/);
});

test('the fast port serves everything but what may be held', () => {
  const table = new ProcessorTable([new EchoProcessor(() => NO_REPLY), new PullProcessor()]);
  expect(table.codes()).toEqual([11, 9001]);
  expect(table.without(FAST_PORT_EXCLUDED_CODES).codes()).toEqual([9001]);
});
