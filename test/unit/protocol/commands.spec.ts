import { describe, expect, it } from 'vitest';
import { ALL_COMMANDS, commandByCode } from '../../../lib/protocol/commands/index.js';
import { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import { queryMessage } from '../../../lib/protocol/commands/message/query-message.command.js';
import { sendMessage } from '../../../lib/protocol/commands/message/send-message.command.js';
import { sendMessageV2 } from '../../../lib/protocol/commands/message/send-message-v2.command.js';
import { getMaxOffset } from '../../../lib/protocol/commands/offset/get-max-offset.command.js';
import { decodeHeader, encodeHeader } from '../../../lib/protocol/define-command.js';
import { RequestCode, requestCodeName } from '../../../lib/protocol/request-code.js';

/** Codes without a declaration: their handlers are gone in Apache too, or they belong to its controller. */
const UNDECLARED = /^(QUERY_BROKER_OFFSET|GET_TOPIC_CONFIG_LIST|GET_TOPIC_NAME_LIST|TRIGGER_DELETE_FILES|GET_CLIENT_CONFIG|SUSPEND_CONSUMER|RESUME_CONSUMER|RESET_CONSUMER_OFFSET_IN_(CONSUMER|BROKER)|ADJUST_CONSUMER_THREAD_POOL|WHO_CONSUME_THE_MESSAGE|REGISTER_FILTER_SERVER|REGISTER_MESSAGE_FILTER_CLASS|CONTROLLER_.*|.*_CONTROLLER_CONFIG|GET_BROKER_EPOCH_CACHE|NOTIFY_BROKER_ROLE_CHANGED|CLEAN_BROKER_DATA)$/;

describe('the table of commands', () => {
  it('has every served code once, under its own name', () => {
    const codes = Object.entries(RequestCode).filter(([name]) => !UNDECLARED.test(name));
    expect(ALL_COMMANDS.map(({ code }) => code).sort((a, b) => a - b)).toEqual(codes.map(([, code]) => code).sort((a, b) => a - b));
    for (const { name, code } of ALL_COMMANDS) expect(name).toBe(requestCodeName(code));
    expect(commandByCode(11)).toBe(pullMessage);
    expect(commandByCode(4711)).toBeUndefined();
  });
});

describe('headers', () => {
  const fields = { a: 'PG', b: 'T', c: 'TBW102', d: '4', e: '1', f: '0', g: '1700000000000', h: '0', i: 'WAIT\u0001true\u0002', k: 'false', m: 'false', n: 'broker-a' };

  it('of SEND_MESSAGE_V2 have the names of SEND_MESSAGE', () => {
    const header = decodeHeader(sendMessageV2.request, fields);
    expect(header).toEqual({
      producerGroup: 'PG',
      topic: 'T',
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 1,
      sysFlag: 0,
      bornTimestamp: 1_700_000_000_000,
      flag: 0,
      properties: 'WAIT\u0001true\u0002',
      unitMode: false,
      batch: false,
      brokerName: 'broker-a',
    });
    expect(encodeHeader(sendMessageV2.request, header)).toEqual(fields);
    for (const name of Object.keys(sendMessage.request)) expect(sendMessageV2.request).toHaveProperty(name);
  });

  it('tell which field is missing or wrong', () => {
    const { b: _topic, ...withoutTopic } = fields;
    expect(() => decodeHeader(sendMessageV2.request, withoutTopic)).toThrow(expect.objectContaining({ code: 'PROTOCOL_MISSING_FIELD', details: { field: 'b' } }));
    expect(() => decodeHeader(sendMessageV2.request, { ...fields, e: '1.0' })).toThrow(expect.objectContaining({ code: 'PROTOCOL_BAD_FIELD' }));
    expect(() => decodeHeader(sendMessageV2.request, { ...fields, e: '2147483648' })).toThrow('32-bit');
  });

  it('take versions in nanoseconds, as the Go client makes them, in both serializations of a number', () => {
    const pull = { consumerGroup: 'G', topic: 'T', queueId: '0', queueOffset: '0', maxMsgNums: '32', sysFlag: '2', commitOffset: '0', suspendTimeoutMillis: '20000000000', subVersion: '1704164645678901234' };
    const { subVersion } = decodeHeader(pullMessage.request, pull);
    expect(subVersion).toBe(Number('1704164645678901234'));
    expect(encodeHeader(pullMessage.request, decodeHeader(pullMessage.request, pull)).subVersion).toMatch(/^17041646456789\d{5}$/);
  });

  it('take and write the largest long as "no end"', () => {
    const header = decodeHeader(queryMessage.request, { topic: 'T', key: 'k', maxNum: '32', beginTimestamp: '0', endTimestamp: '9223372036854775807' });
    expect(header.endTimestamp).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    expect(encodeHeader(queryMessage.request, header).endTimestamp).toBe('9223372036854775807');
    expect(encodeHeader(queryMessage.request, { ...header, endTimestamp: Number.POSITIVE_INFINITY }).endTimestamp).toBe('9223372036854775807');
    expect(encodeHeader(queryMessage.request, { ...header, beginTimestamp: Number.NEGATIVE_INFINITY }).beginTimestamp).toBe('-9223372036854775808');
  });

  it('fill in defaults and read booleans as Java does', () => {
    expect(decodeHeader(getMaxOffset.request, { topic: 'T', queueId: '0' })).toEqual({ topic: 'T', queueId: 0, committed: true });
    expect(decodeHeader(getMaxOffset.request, { topic: 'T', queueId: '0', committed: '1' }).committed).toBe(false);
    expect(decodeHeader(getMaxOffset.request, { topic: 'T', queueId: '0', committed: 'TRUE' }).committed).toBe(true);
  });
});
