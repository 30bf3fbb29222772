import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemotingClient } from '../../../lib/remoting/remoting-client.js';
import type { RemotingClientOptions } from '../../../lib/remoting/remoting-client.js';
import { RemotingServer } from '../../../lib/remoting/remoting-server.js';
import type { RemotingServerOptions } from '../../../lib/remoting/remoting-server.js';
import type { RemotingChannel, RequestHandler } from '../../../lib/remoting/remoting-channel.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { eventually } from '../../support/eventually.js';
import { RecordingLogger } from '../../support/recording-logger.js';

const MIB = 1024 * 1024;
const clock = new SystemClock();

describe('remoting over TCP', () => {
  let logger: RecordingLogger;
  let handler: RequestHandler;
  const closers: (() => Promise<void>)[] = [];
  const connected: RemotingChannel[] = [];
  const gone: RemotingChannel[] = [];

  beforeEach(() => {
    logger = new RecordingLogger();
    connected.length = 0;
    gone.length = 0;
    handler = (request, channel) => channel.reply(request, { code: 0, extFields: { echo: String(request.code) }, body: request.body });
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  const listen = async (options: Partial<RemotingServerOptions> = {}): Promise<{ server: RemotingServer; address: string; port: number }> => {
    const hooks = { onConnected: (channel: RemotingChannel) => void connected.push(channel), onClosed: (channel: RemotingChannel) => void gone.push(channel) };
    const server = new RemotingServer({ host: '127.0.0.1', port: 0, ...options }, (request, channel) => handler(request, channel), clock, logger, hooks);
    const { port } = await server.listen();
    closers.push(() => server.close());
    return { server, address: `127.0.0.1:${port}`, port };
  };
  const client = (options: RemotingClientOptions = {}): RemotingClient => {
    const created = new RemotingClient(options, clock, logger);
    closers.push(() => created.close());
    return created;
  };

  it('answers thousands of requests in flight over one connection', async () => {
    const { server, address } = await listen();
    const peer = client();
    const responses = await Promise.all(Array.from({ length: 5_000 }, (_, code) => peer.invoke(address, { code, body: Buffer.from(String(code)) }, 30_000)));
    expect(responses.every((response, code) => response.extFields.echo === String(code) && response.body.toString() === String(code))).toBe(true);
    expect(server.channels()).toHaveLength(1);
  });

  it('carries bodies of many megabytes both ways', async () => {
    const { address } = await listen();
    const body = Buffer.alloc(12 * MIB, 7);
    expect((await client().invoke(address, { code: 1, body }, 30_000)).body.equals(body)).toBe(true);
  });

  it('tells its hooks of connections, and the client of a lost one, and connects anew', async () => {
    const first = await listen();
    const lost: string[] = [];
    const peer = client({ onDisconnected: (address) => lost.push(address) });
    await peer.invoke(first.address, { code: 1 }, 5_000);
    await first.server.close();
    await eventually('the client notices', () => lost.length === 1);
    expect(gone).toEqual(connected);
    await expect(peer.invoke(first.address, { code: 1 }, 5_000)).rejects.toMatchObject({ code: 'CONNECT_FAILED', retryable: true });
    await listen({ port: first.port });
    expect((await peer.invoke(first.address, { code: 9 }, 5_000)).extFields.echo).toBe('9');
  });

  it('lets the server ask the client', async () => {
    const { address } = await listen();
    const peer = client({ onRequest: (request, channel) => channel.reply(request, { code: 0, remark: 'from the client' }) });
    await peer.invoke(address, { code: 1 }, 5_000);
    expect(await connected[0].invoke({ code: 307 }, 5_000)).toMatchObject({ code: 0, remark: 'from the client' });
  });

  it('opens one connection for requests made at the same time', async () => {
    const { server, address } = await listen();
    const peer = client();
    await Promise.all(Array.from({ length: 20 }, () => peer.invoke(address, { code: 1 }, 5_000)));
    expect(server.channels()).toHaveLength(1);
  });

  it('refuses a port that is taken, and an address that is none, with a clear error', async () => {
    const { port } = await listen();
    await expect(listen({ port })).rejects.toMatchObject({ code: 'ADDRESS_IN_USE', message: expect.stringContaining(String(port)) });
    await expect(client().invoke('nowhere', { code: 1 }, 1_000)).rejects.toMatchObject({ code: 'CONNECT_FAILED', message: expect.stringContaining('host:port') });
  });

  it('bounds what it holds for a peer that does not read, and closes it in the end', async () => {
    const { server, port } = await listen({ maxPendingWriteBytes: MIB, frozenReaderTimeoutMs: 300 });
    const body = Buffer.alloc(64 * 1024);
    let served = 0;
    handler = (request, channel) => {
      served++;
      channel.reply(request, { code: 0, body });
    };
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await eventually('the connection', () => server.channels().length === 1);
    socket.pause();
    const request = Buffer.from('{"code":1,"flag":0,"language":"JAVA","opaque":1,"version":479}');
    const head = Buffer.alloc(8);
    head.writeUInt32BE(4 + request.length, 0);
    head.writeUInt32BE(request.length, 4);
    const frame = Buffer.concat([head, request]);
    for (let i = 0; i < 20_000; i++) socket.write(frame);
    await eventually('the peer is closed', () => server.channels().length === 0);
    // A little over the bound, and what the system's buffers took: far from the 1.2 GiB asked for.
    expect(served * body.length).toBeLessThan(120 * MIB);
    socket.destroy();
  });

  it('closes silent connections on both sides', async () => {
    const { server, port } = await listen({ idleTimeoutMs: 200 });
    const socket = net.connect(port, '127.0.0.1');
    await eventually('the connection', () => server.channels().length === 1);
    await eventually('it is closed', () => server.channels().length === 0);
    socket.destroy();
  });

  it('closes while requests wait, failing them', async () => {
    const { address } = await listen();
    handler = () => undefined;
    const peer = client();
    const waiting = peer.invoke(address, { code: 1 }, 30_000).catch((error: unknown) => error);
    await eventually('the request has arrived', () => connected.length === 1);
    await peer.close();
    expect(await waiting).toMatchObject({ code: 'CONNECTION_CLOSED' });
    await expect(peer.invoke(address, { code: 1 }, 1_000)).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('moves to a new connection when the peer asks for it, and sends the request once more', async () => {
    const { address } = await listen();
    let asked = 0;
    handler = (request, channel) => channel.reply(request, asked++ === 0 ? { code: 1500 } : { code: 0 });
    const { heartBeat } = await import('../../../lib/protocol/commands/client/heart-beat.command.js');
    expect((await client().invokeCommand(heartBeat, address, {})).code).toBe(0);
    expect(connected).toHaveLength(2);
  });
});
