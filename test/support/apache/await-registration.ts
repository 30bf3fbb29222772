import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../eventually.js';

const GET_BROKER_CLUSTER_INFO = 106;
const JSON_HEADER = 0;

/**
 * Resolves once the NameServer at `nameServer` (`host:port`) lists a broker at `brokerAddress`. Speaks the one frame it needs by
 * itself: a harness that leaned on the code under test could not tell whose fault a silence is.
 */
export async function awaitRegistration(nameServer: string, brokerAddress: string, timeoutMs = 60_000): Promise<void> {
  await eventually(`${brokerAddress} in the cluster information of ${nameServer}`, async () => (await clusterInfo(nameServer)).includes(`"${brokerAddress}"`), timeoutMs, 50);
}

async function clusterInfo(nameServer: string): Promise<string> {
  const [host, port] = nameServer.split(':');
  const socket = connect(Number(port), host);
  try {
    await once(socket, 'connect');
    const header = Buffer.from(JSON.stringify({ code: GET_BROKER_CLUSTER_INFO, language: 'JAVA', version: 479, opaque: 1, flag: 0 }));
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32BE(4 + header.length, 0);
    lengths.writeUInt32BE((JSON_HEADER << 24) | header.length, 4);
    socket.write(Buffer.concat([lengths, header]));
    let received = Buffer.alloc(0);
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer]);
      if (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) break;
    }
    return received.toString('utf8');
  } finally {
    socket.destroy();
  }
}
