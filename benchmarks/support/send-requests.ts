import { QUEUES } from './brokers.js';
import { RequestTemplate } from './wire-load.js';

const SEND_MESSAGE_V2 = 310;
/** Length of Apache's unique keys; the last digits of it count. */
const KEY_PREFIX = '7F00000100002A139A55';
const KEY_DIGITS = 12;
const KEY_HOLE = `${KEY_PREFIX}${'0'.repeat(KEY_DIGITS)}`;

interface KeyedTemplate {
  readonly template: RequestTemplate;
  readonly keyAt: number;
}

/** Makes SEND_MESSAGE_V2 frames as Apache's Java producer does, each with a key of its own, going round the first `queues` queues. */
export function sendRequests(topic: string, size: number, queues: number = QUEUES): () => RequestTemplate {
  const body = Buffer.alloc(size, 'x');
  const templates = Array.from({ length: queues }, (_, queueId) => keyedTemplate(topic, queueId, body));
  let count = 0;
  return () => {
    const { template, keyAt } = templates[count % queues];
    template.frame.write((count++).toString(16).toUpperCase().padStart(KEY_DIGITS, '0'), keyAt, 'latin1');
    return template;
  };
}

function keyedTemplate(topic: string, queueId: number, body: Buffer): KeyedTemplate {
  const header = {
    a: 'bench_producer', b: topic, c: 'TBW102', d: '4', e: String(queueId), f: '0', g: String(Date.now()), h: '0',
    i: `UNIQ_KEY\u0001${KEY_HOLE}\u0002WAIT\u0001true\u0002`, j: '0', k: 'false', m: 'false',
  };
  const template = RequestTemplate.of(SEND_MESSAGE_V2, header, body);
  return { template, keyAt: template.locate(KEY_HOLE) + KEY_PREFIX.length };
}
