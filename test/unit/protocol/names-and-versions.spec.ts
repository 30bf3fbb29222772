import { describe, expect, it } from 'vitest';
import { isInherited, isReadable, isValidPerm, isWriteable, permText } from '../../../lib/protocol/perm.js';
import {
  deadLetterTopicOf,
  groupOfRetryTopic,
  isNotAllowedSendTopic,
  isRetryTopic,
  isSystemGroup,
  isSystemTopic,
  popRetryTopicOf,
  replyTopicOf,
  retryTopicOf,
  reviveTopicOf,
  topicOfPopRetryTopic,
  validateGroupName,
  validateTopicName,
} from '../../../lib/protocol/topic-names.js';
import { OUR_VERSION, OUR_VERSION_NAME, readsStrictJsonRoutes, VERSION, versionName } from '../../../lib/protocol/version.js';

describe('names', () => {
  it('of derived topics', () => {
    expect(retryTopicOf('G')).toBe('%RETRY%G');
    expect(deadLetterTopicOf('G')).toBe('%DLQ%G');
    expect(replyTopicOf('C')).toBe('C_REPLY_TOPIC');
    expect(reviveTopicOf('C')).toBe('rmq_sys_REVIVE_LOG_C');
    expect(isRetryTopic('%RETRY%G')).toBe(true);
    expect(groupOfRetryTopic('%RETRY%G')).toBe('G');
    expect(groupOfRetryTopic('G')).toBeUndefined();
    expect(topicOfPopRetryTopic(popRetryTopicOf('T', 'G'), 'G')).toBe('T');
    expect(topicOfPopRetryTopic(popRetryTopicOf('T', 'G', 2), 'G')).toBe('T');
    expect(topicOfPopRetryTopic('%RETRY%G', 'G')).toBe('%RETRY%G');
  });

  it.each(['T', 'a-b_c%d|e', 'x'.repeat(127), `%RETRY%${'x'.repeat(248)}`])('accept the topic %s', (name) => {
    expect(validateTopicName(name)).toBeUndefined();
  });

  it.each([
    ['', 'blank'],
    ['  ', 'blank'],
    ['x'.repeat(128), 'at most 127'],
    [`%DLQ%${'x'.repeat(251)}`, 'at most 255'],
    ['a b', 'illegal'],
    ['a/b', 'illegal'],
    ['Überweisung', 'illegal'],
    ['a\n', 'illegal'],
  ])('refuse the topic %j', (name, problem) => {
    expect(validateTopicName(name)).toContain(problem);
  });

  it('limit groups to 120 characters', () => {
    expect(validateGroupName('x'.repeat(120))).toBeUndefined();
    expect(validateGroupName('x'.repeat(121))).toContain('at most 120');
  });

  it('tell what belongs to the system', () => {
    expect(['TBW102', 'SCHEDULE_TOPIC_XXXX', 'rmq_sys_wheel_timer', 'Orders'].map(isSystemTopic)).toEqual([true, true, true, false]);
    expect(['SCHEDULE_TOPIC_XXXX', 'SELF_TEST_TOPIC', 'TBW102', 'BenchmarkTest'].map(isNotAllowedSendTopic)).toEqual([true, true, false, false]);
    expect(['TOOLS_CONSUMER', 'CID_RMQ_SYS_x', 'G'].map(isSystemGroup)).toEqual([true, true, false]);
  });
});

describe('permissions', () => {
  it('are bits', () => {
    expect([7, 6, 4, 2, 1, 0].map(permText)).toEqual(['RWX', 'RW-', 'R--', '-W-', '--X', '---']);
    expect([isReadable(2), isWriteable(2), isInherited(7)]).toEqual([false, true, true]);
    expect([-1, 0, 7, 8, 1.5].map(isValidPerm)).toEqual([false, true, true, false, false]);
  });
});

describe('versions', () => {
  it.each([
    [VERSION.V4_1_0_SNAPSHOT, 'V4_1_0_SNAPSHOT'],
    [VERSION.V4_5_2, 'V4_5_2'],
    [VERSION.V4_9_3, 'V4_9_3'],
    [VERSION.V4_9_4, 'V4_9_4'],
    [411, 'V4_9_9'],
    [VERSION.V5_0_0, 'V5_0_0'],
    [VERSION.V5_3_1, 'V5_3_1'],
    [OUR_VERSION, OUR_VERSION_NAME],
    [513, 'V5_5_0'],
    [611, 'V5_9_9'],
    [612, 'HIGHER_VERSION'],
    [100, 'BEFORE_V4_1_0'],
  ])('%d is %s', (ordinal, name) => {
    expect(versionName(ordinal)).toBe(name);
  });

  it('from 4.9.4 on read strict JSON', () => {
    expect([399, 400, 401].map(readsStrictJsonRoutes)).toEqual([false, false, true]);
  });
});
