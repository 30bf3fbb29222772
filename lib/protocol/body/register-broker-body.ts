import { deflateSync, inflateSync } from 'node:zlib';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { type Decoder, decodeBody, encodeBody, list, object, optionally, text } from '../json/body-decoder.js';
import { parseFastJson, stringifyFastJson } from '../json/fast-json.js';
import { VERSION } from '../version.js';
import { dataVersionDecoder } from './data-version.js';
import { type TopicConfig, topicConfigDecoder } from './topic-config.js';
import { type TopicConfigAndMappingWrapper, topicConfigAndMappingWrapperDecoder } from './topic-config-wrapper.js';

/** What a broker tells a NameServer. Apache: RegisterBrokerBody.java. */
export interface RegisterBrokerBody {
  readonly topicConfigSerializeWrapper: TopicConfigAndMappingWrapper;
  readonly filterServerList: readonly string[];
}

const plainDecoder: Decoder<RegisterBrokerBody> = object<RegisterBrokerBody>({
  topicConfigSerializeWrapper: (value, path) => topicConfigAndMappingWrapperDecoder(value ?? {}, path),
  filterServerList: list(text()),
});

/** Largest registration accepted after unpacking, in bytes. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

/*
 * Compressed form, one zlib stream of:
 * i32 length, DataVersion as JSON | i32 number of topics | per topic: i32 length, `name read write perm filterType attributes`
 * | i32 length, filter servers as JSON | from sender version 5.0.0 on: i32 number of mappings | per mapping: i32 length, JSON.
 * `order` and `topicSysFlag` of a topic are not in it.
 */

/** @param compressed as the header's `compressed` says */
export function encodeRegisterBrokerBody(value: RegisterBrokerBody, compressed: boolean): Buffer {
  if (!compressed) return encodeBody(value);
  const wrapper = value.topicConfigSerializeWrapper;
  const topics = Object.values(wrapper.topicConfigTable);
  const mappings = Object.values(wrapper.topicQueueMappingInfoMap ?? {});
  return deflateSync(
    Buffer.concat([
      ...lengthAnd(stringifyFastJson(wrapper.dataVersion)),
      int32(topics.length),
      ...topics.flatMap((topic) => lengthAnd(topicText(topic))),
      ...lengthAnd(stringifyFastJson(value.filterServerList)),
      int32(mappings.length),
      ...mappings.flatMap((mapping) => lengthAnd(stringifyFastJson(mapping))),
    ]),
    { level: 9 },
  );
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function lengthAnd(content: string): Buffer[] {
  const bytes = Buffer.from(content);
  return [int32(bytes.length), bytes];
}

function topicText(topic: TopicConfig): string {
  return `${topic.topicName} ${topic.readQueueNums} ${topic.writeQueueNums} ${topic.perm} ${topic.topicFilterType} ${stringifyFastJson(topic.attributes)}`;
}

/**
 * @param compressed as the header's `compressed` says
 * @param brokerVersion `version` of the request
 * @throws RocketMqError `PROTOCOL_MALFORMED_BODY`
 */
export function decodeRegisterBrokerBody(body: Buffer, compressed: boolean, brokerVersion: number): RegisterBrokerBody {
  if (!compressed) return decodeBody(body, plainDecoder, 'RegisterBrokerBody');
  const reader = new SectionReader(inflate(body));
  const dataVersion = dataVersionDecoder(parseFastJson(reader.text()), 'RegisterBrokerBody.dataVersion');
  const topics = reader.many(() => topicOf(reader.text()));
  const filterServerList = optionally(list(text()))(parseFastJson(reader.text()), 'RegisterBrokerBody.filterServerList') ?? [];
  const mappings = brokerVersion >= VERSION.V5_0_0 ? reader.many(() => mappingOf(reader.text())) : [];
  return {
    topicConfigSerializeWrapper: {
      topicConfigTable: Object.fromEntries(topics.map((topic) => [topic.topicName, topic])),
      dataVersion,
      topicQueueMappingInfoMap: Object.fromEntries(mappings),
    },
    filterServerList,
  };
}

function inflate(body: Buffer): Buffer {
  try {
    return inflateSync(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    throw malformed('cannot be decompressed', error);
  }
}

/** Reads the sections of the unpacked form; never past its end. */
class SectionReader {
  #position = 0;

  constructor(private readonly bytes: Buffer) {}

  text(): string {
    const end = this.#count('bytes') + this.#position;
    const section = this.bytes.toString('utf8', this.#position, end);
    this.#position = end;
    return section;
  }

  many<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.#count('entries'); left > 0; left--) items.push(read());
    return items;
  }

  #count(what: string): number {
    const left = this.bytes.length - this.#position - 4;
    if (left < 0) throw malformed('ends too early');
    const count = this.bytes.readInt32BE(this.#position);
    if (count < 0 || count > left) throw malformed(`claims ${count} ${what}, but has ${left} bytes left`);
    this.#position += 4;
    return count;
  }
}

function topicOf(line: string): TopicConfig {
  const [topicName, readQueueNums, writeQueueNums, perm, topicFilterType, ...rest] = line.split(' ');
  const attributes = rest.length === 0 ? {} : parseFastJson(rest.join(' '));
  return topicConfigDecoder({ topicName, readQueueNums, writeQueueNums, perm, topicFilterType, attributes }, 'RegisterBrokerBody.topic');
}

function mappingOf(json: string): [string, unknown] {
  const mapping = parseFastJson(json);
  return [object<{ topic: string }>({ topic: text() })(mapping, 'RegisterBrokerBody.mapping').topic, mapping];
}

function malformed(problem: string, cause?: unknown): RocketMqError {
  return new RocketMqError('PROTOCOL_MALFORMED_BODY', `the compressed body of a broker registration ${problem}`, { cause });
}
