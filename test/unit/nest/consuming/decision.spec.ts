import { BadRequestException, ForbiddenException } from '@nestjs/common';
import { expect, it } from 'vitest';
import { RocketMqError } from '../../../../lib/errors/rocketmq-error.js';
import { decide, decisiveError, describeError } from '../../../../lib/nest/consuming/decision.js';
import { delayLevelFor } from '../../../../lib/nest/consuming/delay-levels.js';
import { DeadLetter, Drop, PayloadInvalid, RetryLater, SuspendQueue } from '../../../../lib/nest/exceptions/consume-outcome.exception.js';

it.each([
  ['a plain error', new Error('x'), 'retry'],
  ['what the default filter makes of one', { status: 'error', message: 'Internal server error' }, 'retry'],
  ['nothing at all', undefined, 'retry'],
  ['RetryLater', new RetryLater(5), 'retry'],
  ['SuspendQueue', new SuspendQueue(5), 'retry'],
  ['Drop', new Drop('x'), 'drop'],
  ['DeadLetter', new DeadLetter('x'), 'deadLetter'],
  ['PayloadInvalid', new PayloadInvalid('x'), 'deadLetter'],
  ['a validation error', new BadRequestException(['a must be b']), 'deadLetter'],
  ['another HTTP error', new ForbiddenException(), 'retry'],
  ['our own "invalid payload"', new RocketMqError('PAYLOAD_INVALID', 'x'), 'deadLetter'],
  ['another error of ours', new RocketMqError('SEND_FAILED', 'x'), 'retry'],
])('decides by %s', (_, error, expected) => {
  expect(decide(error, 0, 16).kind).toBe(expected);
});

it('gives up when the redeliveries are used up, never when they are unlimited, and never before an outcome that ends the matter', () => {
  expect(decide(new Error('x'), 15, 16).kind).toBe('retry');
  expect(decide(new RetryLater(1), 16, 16).kind).toBe('deadLetter');
  expect(decide(new Error('x'), 1_000_000, -1).kind).toBe('retry');
  expect(decide(new Drop('x'), 99, 16).kind).toBe('drop');
});

it('prefers an outcome that a filter chose, then what was really thrown, then what the filter made of it', () => {
  const [chosen, real, reduced] = [new Drop('x'), new Error('real'), { status: 'error' }];
  expect(decisiveError(chosen, real)).toBe(chosen);
  expect(decisiveError(reduced, real)).toBe(real);
  expect(decisiveError(reduced, undefined)).toBe(reduced);
});

it('describes any error in one line', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  expect(describeError(new BadRequestException(['a is wrong', 'b too']))).toBe('a is wrong; b too');
  expect(describeError(new TypeError())).toBe('TypeError');
  expect(describeError('text')).toBe('text');
  expect(describeError({ message: 'from a filter' })).toBe('from a filter');
  expect(describeError({ code: 1 })).toBe('{"code":1}');
  expect(describeError(undefined)).toBe('undefined');
  expect(describeError(cyclic)).toBe('[object Object]');
});

it.each([
  [undefined, 0],
  [0, 1],
  [1_000, 1],
  [1_001, 2],
  [59_999, 5],
  [7_200_000, 18],
  [9_999_999_999, 18],
])('rounds a delay of %s ms up to level %s', (delayMs, level) => {
  expect(delayLevelFor(delayMs)).toBe(level);
});

it('knows the levels of a broker with its own table', () => {
  expect(delayLevelFor(150, [100, 200])).toBe(2);
});
