// Checks the shape of the code: sizes of files and functions, dependency rules, banned calls, names of tests.
// Run by `npm test`; alone: `npm run tidy`. The rules and their reasons are in CONTRIBUTING.md.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const LIMITS = { fileLines: 400, functionLines: 70, constructorParameters: 6 };
const PRODUCT = ['lib', 'broker', 'samples'];

/** [folder, folders it must not import]; later layers may import earlier ones, never back. */
const FORBIDDEN_IMPORTS = [
  ['lib', ['broker', 'samples', 'test']],
  ['lib/errors', ['lib/runtime', 'lib/protocol', 'lib/remoting', 'lib/client', 'lib/idempotency', 'lib/nest', 'lib/express']],
  ['lib/runtime', ['lib/protocol', 'lib/remoting', 'lib/client', 'lib/idempotency', 'lib/nest', 'lib/express']],
  ['lib/protocol', ['lib/remoting', 'lib/client', 'lib/idempotency', 'lib/nest', 'lib/express']],
  ['lib/remoting', ['lib/client', 'lib/idempotency', 'lib/nest', 'lib/express']],
  ['lib/client', ['lib/idempotency', 'lib/nest', 'lib/express']],
  ['lib/idempotency', ['lib/nest', 'lib/express', 'lib/client', 'lib/remoting']],
  ['lib/nest', ['lib/express']],
  ['broker', ['samples', 'test', 'lib/nest', 'lib/idempotency', 'lib/express']],
  ['broker/store', ['broker/processors', 'broker/topics', 'broker/clients', 'broker/remoting', 'broker/config', 'lib/remoting', 'lib/client']],
  ['samples', ['test']],
];
/** Reached through the ports of lib/runtime, so that tests and the simulation can replace them. */
const BANNED_CALLS = new Set(['Date.now', 'Math.random', 'setTimeout', 'setInterval', 'setImmediate', 'performance.now']);
const BANNED_MODULES = new Set(['node:fs', 'node:fs/promises', 'node:net', 'node:tls', 'fs', 'net', 'tls']);

const problems = [];
const report = (file, line, text) => problems.push(`${relative(root, file)}:${line}  ${text}`);

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

const isBelow = (path, folder) => path === folder || path.startsWith(`${folder}/`);
const lineOf = (source, node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

function checkFunction(file, source, node) {
  if (!node.body) return;
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const last = source.getLineAndCharacterOfPosition(node.end).line;
  if (last - first + 1 > LIMITS.functionLines) {
    report(file, first + 1, `function of ${last - first + 1} lines; at most ${LIMITS.functionLines}: split it`);
  }
  if (ts.isConstructorDeclaration(node) && node.parameters.length > LIMITS.constructorParameters) {
    report(file, first + 1, `constructor with ${node.parameters.length} parameters; at most ${LIMITS.constructorParameters}: group or split`);
  }
}

function checkNode(file, path, source, node) {
  if (ts.isFunctionLike(node)) checkFunction(file, source, node);
  if (node.kind === ts.SyntaxKind.AnyKeyword) report(file, lineOf(source, node), '`any`: name the type, or take `unknown`');
  if (ts.isExportAssignment(node) || node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)) {
    report(file, lineOf(source, node), 'default export: export by name');
  }
  if (ts.isCallExpression(node) && (isBelow(path, 'lib') || isBelow(path, 'broker')) && !isBelow(path, 'lib/runtime')) {
    const called = node.expression.getText(source);
    if (BANNED_CALLS.has(called)) report(file, lineOf(source, node), `${called}(): take it from a port of lib/runtime`);
  }
  ts.forEachChild(node, (child) => checkNode(file, path, source, child));
}

/** Relative imports as project paths, with whether they exist at run time. */
function importsOf(file, path, source) {
  const found = [];
  for (const statement of source.statements) {
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier)) continue;
    if (BANNED_MODULES.has(specifier.text) && !isBelow(path, 'lib/runtime') && (isBelow(path, 'lib') || isBelow(path, 'broker'))) {
      report(file, lineOf(source, statement), `import of ${specifier.text}: take a port of lib/runtime`);
    }
    if (!specifier.text.startsWith('.')) continue;
    const target = relative(root, resolve(dirname(file), specifier.text)).replace(/\.js$/, '.ts');
    const clause = statement.importClause;
    const typeOnly = statement.isTypeOnly || clause?.isTypeOnly || clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    found.push({ target, line: lineOf(source, statement), typeOnly });
  }
  return found;
}

function checkImports(file, path, imports) {
  for (const [folder, forbidden] of FORBIDDEN_IMPORTS) {
    if (!isBelow(path, folder)) continue;
    for (const { target, line } of imports) {
      const offended = forbidden.find((other) => isBelow(target, other));
      if (offended) report(file, line, `${folder} must not import ${offended} (${target})`);
    }
  }
}

function reportCycles(graph) {
  const state = new Map();
  const visit = (path, trail) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      const cycle = trail.slice(trail.indexOf(path)).concat(path);
      report(join(root, path), 1, `import cycle: ${cycle.join(' -> ')}`);
      return;
    }
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
}

const graph = new Map();
for (const folder of PRODUCT) {
  for (const file of walk(join(root, folder))) {
    if (!file.endsWith('.ts')) continue;
    const path = relative(root, file);
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n').length - 1;
    if (lines > LIMITS.fileLines) report(file, 1, `${lines} lines; at most ${LIMITS.fileLines}: is there more than one thing in it?`);
    if (/@ts-(ignore|nocheck)|(istanbul|v8|c8) ignore/.test(text)) report(file, 1, 'a check is switched off by a comment');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    checkNode(file, path, source, source);
    const imports = importsOf(file, path, source);
    checkImports(file, path, imports);
    graph.set(path, imports.filter((entry) => !entry.typeOnly).map((entry) => entry.target));
  }
}
reportCycles(graph);

for (const file of walk(join(root, 'test'))) {
  const path = relative(join(root, 'test'), file);
  if (/^(support|golden)\//.test(path)) continue;
  if (path.endsWith('.ts') && !path.endsWith('.spec.ts')) report(file, 1, 'tests end in .spec.ts; helpers belong in test/support');
  const text = readFileSync(file, 'utf8');
  if (/\b(it|test|describe)\.(only|skip|todo|fails|skipIf|runIf)\b/.test(text)) report(file, 1, 'a test is switched off or focused');
}

if (problems.length > 0) {
  console.error(problems.sort().join('\n'));
  console.error(`tidy: ${problems.length} problem${problems.length === 1 ? '' : 's'}`);
  process.exit(1);
}
console.log(`tidy: ${graph.size} files, no problem`);
