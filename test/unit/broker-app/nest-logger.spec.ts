import { expect, test } from 'vitest';

import { NestLogger } from '../../../broker/nest-logger.js';

function recorded(level?: 'debug' | 'info' | 'warn' | 'error' | 'off') {
  const calls: unknown[][] = [];
  const note = (name: string) => (...args: unknown[]) => void calls.push([name, ...args]);
  const service = { log: note('log'), error: note('error'), warn: note('warn'), debug: note('debug') };
  return { logger: new NestLogger(service, 'Part', level), calls };
}

test('fields follow the text; what could pass for another field or line is quoted', () => {
  const { logger, calls } = recorded();
  logger.info('text', { plain: 'a/b:1', number: 3, list: [1, 'x'], spaced: 'a b', forged: 'a\nERROR b=c', control: '\u0001', none: undefined, error: new Error('why not') });
  expect(calls).toEqual([
    ['log', 'text plain=a/b:1 number=3 list=[1,"x"] spaced="a b" forged="a\\nERROR b=c" control="\\u0001" error="why not"', 'Part'],
  ]);
});

test('long values are cut', () => {
  const { logger, calls } = recorded();
  logger.warn('text', { value: 'x'.repeat(10_000) });
  expect(String(calls[0][1]).length).toBeLessThan(400);
});

test('an error brings its stack along', () => {
  const { logger, calls } = recorded();
  logger.error('failed', { stack: 'Error: x\n at y', code: 1 });
  expect(calls).toEqual([['error', 'failed code=1', 'Error: x\n at y', 'Part']]);
});

test.each([
  ['debug', ['debug', 'log', 'warn', 'error']],
  ['info', ['log', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['off', []],
] as const)('%s writes %j', (level, expected) => {
  const { logger, calls } = recorded(level);
  logger.debug('m');
  logger.info('m');
  logger.warn('m');
  logger.error('m');
  expect(calls.map(([name]) => name)).toEqual(expected);
});
