import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runDemo } from '../support/demo-run.js';

describe('the demonstration (npm start -- --once)', () => {
  it('places 1,000 orders and finds every account right', { timeout: 90_000 }, async () => {
    const { exitCode, output } = await runDemo();
    expect(output).toContain('every account is right');
    expect(output).toMatch(/debits made\s+│\s+1000 │\s+1000 │ ok/);
    expect(output).toMatch(/dead-lettered\s+│\s+1 │\s+1 │ ok/);
    expect(output).not.toContain('WRONG');
    expect(exitCode).toBe(0);
  });

  it('finds every account right after the deduction service was killed 20 times', { timeout: 240_000 }, async () => {
    const { exitCode, output } = await runDemo(['--kills', '20', '--orders', '3000']);
    expect(output).toContain('every account is right');
    expect(output.match(/deduction service killed \(SIGKILL\)/g)).toHaveLength(20);
    expect(exitCode).toBe(0);
  });

  it('refuses an order count it cannot use, naming the option', () => {
    const script = fileURLToPath(new URL('../../dist/samples/demo/main.js', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, '--once', '--orders', '3'], { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('--orders');
  });
});
