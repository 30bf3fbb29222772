import { beforeEach, describe, expect, it } from 'vitest';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { decodeFrame } from '../../../lib/protocol/remoting-codec.js';
import type { RemotingCommand } from '../../../lib/protocol/remoting-command.js';
import { Connection, DEFAULT_CONNECTION_LIMITS } from '../../../lib/remoting/connection.js';
import type { ConnectionLimits } from '../../../lib/remoting/connection.js';
import type { RemotingChannel } from '../../../lib/remoting/remoting-channel.js';
import { socketPair } from '../../support/memory-network.js';
import type { MemorySocket } from '../../support/memory-network.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { advance, settled } from '../../support/settled.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const KIB = 1024;

describe('a connection', () => {
  let clock: VirtualClock;
  let logger: RecordingLogger;
  let serve: (request: RemotingCommand, channel: RemotingChannel) => void;
  let nearSocket: MemorySocket;
  let farSocket: MemorySocket;
  let near: Connection;
  let far: Connection;
  let closed: string[];

  const connect = (limits: ConnectionLimits = {}): void => {
    [nearSocket, farSocket] = socketPair();
    const owner = (name: string): ConstructorParameters<typeof Connection>[1] => ({
      limits: { ...DEFAULT_CONNECTION_LIMITS, ...limits },
      language: 'JAVA',
      onRequest: (request, channel) => serve(request, channel),
      onClosed: () => closed.push(name),
    });
    near = new Connection(nearSocket, owner('near'), clock, logger);
    far = new Connection(farSocket, owner('far'), clock, logger);
    near.start();
    far.start();
  };

  beforeEach(() => {
    clock = new VirtualClock();
    logger = new RecordingLogger();
    closed = [];
    serve = (request, channel) => channel.reply(request, { code: 0, extFields: { echo: String(request.code) }, body: request.body });
    connect();
  });

  it('matches responses to requests by id, in whatever order they come', async () => {
    const waiting: [RemotingCommand, RemotingChannel][] = [];
    serve = (request, channel) => waiting.push([request, channel]);
    const responses = [near.invoke({ code: 1 }, 1_000), near.invoke({ code: 2 }, 1_000), near.invoke({ code: 3 }, 1_000)];
    await settled();
    for (const [request, channel] of waiting.toReversed()) channel.reply(request, { code: request.code + 100 });
    expect((await Promise.all(responses)).map((response) => response.code)).toEqual([101, 102, 103]);
  });

  it('carries requests both ways at once, each side with its own ids', async () => {
    const [there, back] = await Promise.all([near.invoke({ code: 7, body: Buffer.from('a') }, 1_000), far.invoke({ code: 8, body: Buffer.from('b') }, 1_000)]);
    expect([there.extFields.echo, back.extFields.echo, there.body.toString(), back.body.toString()]).toEqual(['7', '8', 'a', 'b']);
  });

  it('writes all frames of one turn at once, those of settled promises included', async () => {
    serve = (request, channel) => {
      if (request.code % 2 === 0) channel.reply(request, { code: 0 });
      else void Promise.resolve().then(() => Promise.resolve()).then(() => channel.reply(request, { code: 0 }));
    };
    await Promise.all(Array.from({ length: 50 }, (_, code) => near.invoke({ code }, 1_000)));
    expect(nearSocket.writes).toHaveLength(1);
    expect(farSocket.writes).toHaveLength(1);
    expect(farSocket.writes[0]).toHaveLength(1);
  });

  it('hands large bodies on without copying them', async () => {
    const body = Buffer.alloc(100 * KIB, 1);
    serve = (request, channel) => channel.reply(request, { code: 0, body: [Buffer.from('x'), body] });
    const response = await near.invoke({ code: 1 }, 1_000);
    expect(response.body.length).toBe(body.length + 1);
    expect(farSocket.writes[0].some((chunk) => chunk === body)).toBe(true);
  });

  it('answers with the serialization of the request, and echoes its id', async () => {
    const request = { code: 7, language: 'JAVA', version: 1, opaque: 42, flag: 0, remark: undefined, extFields: {}, body: Buffer.alloc(0), serializeType: 'ROCKETMQ' } as const;
    far.reply(request, { code: 5 });
    await settled();
    const reply = decodeFrame(Buffer.concat(farSocket.writes[0]));
    expect(reply).toMatchObject({ code: 5, opaque: 42, flag: 1, serializeType: 'ROCKETMQ' });
  });

  it('never answers one-way requests', async () => {
    await near.sendOneway({ code: 1 });
    await settled();
    expect(farSocket.writes).toHaveLength(0);
  });

  it('gives up on a request after its time, and drops the late reply', async () => {
    let late: (() => void) | undefined;
    serve = (request, channel) => (late = () => channel.reply(request, { code: 0 }));
    const response = near.invoke({ code: 1 }, 300);
    const failure = expect(response).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true, details: { requestCode: 1, timeoutMs: 300 } });
    await advance(clock, 299);
    expect(near.pendingRequests).toBe(1);
    await advance(clock, 30);
    await failure;
    late?.();
    await settled();
    expect(near.lateResponses).toBe(1);
    serve = (request, channel) => channel.reply(request, { code: 9 });
    expect((await near.invoke({ code: 2 }, 300)).code).toBe(9);
  });

  it('keeps each deadline when requests with longer and shorter ones are mixed', async () => {
    serve = () => undefined;
    const order: number[] = [];
    const timeouts = [5_000, 100, 30_000, 700];
    const all = timeouts.map((timeout) => near.invoke({ code: 1 }, timeout).catch(() => order.push(timeout)));
    await advance(clock, 31_000);
    await Promise.all(all);
    expect(order).toEqual([100, 700, 5_000, 30_000]);
  });

  it('fails waiting requests when the connection goes', async () => {
    serve = () => undefined;
    const response = near.invoke({ code: 1 }, 1_000);
    const failure = expect(response).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await settled();
    farSocket.destroy();
    await failure;
    await expect(near.invoke({ code: 1 }, 1_000)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await expect(near.sendOneway({ code: 1 })).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(near.closed.aborted).toBe(true);
    expect(closed.sort()).toEqual(['far', 'near']);
  });

  it('bounds the requests that wait', async () => {
    connect({ maxPendingRequests: 2 });
    serve = () => undefined;
    void near.invoke({ code: 1 }, 1_000).catch(() => undefined);
    void near.invoke({ code: 1 }, 1_000).catch(() => undefined);
    await expect(near.invoke({ code: 1 }, 1_000)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', retryable: true });
  });

  it('survives a handler that throws', async () => {
    serve = (request, channel) => {
      if (request.code === 1) throw new Error('boom');
      channel.reply(request, { code: 0 });
    };
    const failing = near.invoke({ code: 1 }, 100).catch((error: RocketMqError) => error.code);
    expect((await near.invoke({ code: 2 }, 1_000)).code).toBe(0);
    await advance(clock, 200);
    expect(await failing).toBe('REQUEST_TIMEOUT');
    expect(logger.messages('error')).toEqual(['a request handler threw']);
  });

  it.each([
    ['a frame that is too large', Buffer.from('7fffffff00000000', 'hex')],
    ['a header longer than its frame', Buffer.from('00000004000000ff', 'hex')],
    ['a header that is not JSON', Buffer.from('00000006000000027878', 'hex')],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('closes without an answer after %s', async (_, bytes) => {
    nearSocket.write([bytes]);
    await settled();
    expect(closed.sort()).toEqual(['far', 'near']);
    expect(farSocket.writes).toHaveLength(0);
    expect(logger.messages('warn')).toHaveLength(1);
  });

  it('serves frames that came before a malformed one', async () => {
    const codes: number[] = [];
    serve = (request) => codes.push(request.code);
    void near.sendOneway({ code: 1 });
    await settled();
    nearSocket.write([Buffer.concat([...nearSocket.writes[0], Buffer.from('00000004000000ff', 'hex')])]);
    await settled();
    expect(codes).toEqual([1, 1]);
    expect(closed).toContain('far');
  });

  it('stops reading from a peer that does not read, and goes on when it does', async () => {
    connect({ maxPendingWriteBytes: 64 * KIB });
    const body = Buffer.alloc(40 * KIB);
    let served = 0;
    serve = (request, channel) => {
      served++;
      channel.reply(request, { code: 0, body });
    };
    nearSocket.pause();
    const responses = [near.invoke({ code: 1 }, 1_000), near.invoke({ code: 2 }, 1_000)];
    await settled();
    expect(farSocket.paused).toBe(true);
    responses.push(near.invoke({ code: 3 }, 1_000));
    await settled();
    expect(served).toBe(2);
    nearSocket.resume();
    expect((await Promise.all(responses)).map((response) => response.body.length)).toEqual([body.length, body.length, body.length]);
    expect(farSocket.paused).toBe(false);
  });

  it('closes a peer that has not read for too long', async () => {
    connect({ maxPendingWriteBytes: 64 * KIB, frozenReaderTimeoutMs: 1_000 });
    serve = (request, channel) => channel.reply(request, { code: 0, body: Buffer.alloc(80 * KIB) });
    nearSocket.pause();
    void near.invoke({ code: 1 }, 60_000).catch(() => undefined);
    await advance(clock, 10);
    far.examine(clock.monotonic() + 900);
    expect(closed).toEqual([]);
    far.examine(clock.monotonic() + 1_100);
    await settled();
    expect(closed).toContain('far');
    expect(logger.messages('warn')).toEqual(['closing a connection: the peer does not read']);
  });

  it('closes after silence in both directions, not before', async () => {
    await advance(clock, 100_000);
    await near.invoke({ code: 1 }, 1_000);
    await advance(clock, 119_000);
    near.examine(clock.monotonic());
    await settled();
    expect(closed).toEqual([]);
    await advance(clock, 1_001);
    near.examine(clock.monotonic());
    await settled();
    expect(closed).toContain('near');
  });

  it('sends what is written before it closes', async () => {
    const codes: number[] = [];
    serve = (request) => codes.push(request.code);
    void near.sendOneway({ code: 1 });
    near.close();
    await settled();
    expect(codes).toEqual([1]);
    expect(closed.sort()).toEqual(['far', 'near']);
  });

  it('leaves no timer behind', async () => {
    await near.invoke({ code: 1 }, 1_000);
    near.close();
    await settled();
    expect(clock.pendingTimers).toBe(0);
  });
});
