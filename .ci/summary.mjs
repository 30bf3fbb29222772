// Says what a run of vitest came to, from its JSON report: names of failed and skipped tests, then the counts alone on the last
// line. Ends with 1 unless everything passed. Usage: node .ci/summary.mjs REPORT EXIT_STATUS_OF_THE_RUN
import { existsSync, readFileSync } from 'node:fs';

const [path, status] = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };

if (existsSync(path)) {
  for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) {
    for (const test of file.assertionResults) {
      const kind = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      counts[kind] += 1;
      if (kind !== 'passed') console.log(`${kind}: ${file.name} > ${test.fullName}`);
    }
    // a file that does not load, or a hook that fails, fails no test of its own
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      counts.failed += 1;
      console.log(`failed: ${file.name}: ${file.message ?? 'did not run to its end'}`);
    }
  }
}
if (counts.passed + counts.failed + counts.skipped === 0) console.log('no test was run');
if (Number(status) !== 0 && counts.failed === 0 && counts.skipped === 0) counts.failed = 1;
const good = counts.failed === 0 && counts.skipped === 0 && counts.passed > 0 && Number(status) === 0;
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = good ? 0 : 1;
