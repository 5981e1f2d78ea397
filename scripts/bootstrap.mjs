// Runs a TypeScript script of this repository on a machine that has nothing but Node: installs the npm packages that
// package-lock.json names when they are missing or stale, then hands over. Plain JavaScript, because nothing is there yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const [script, ...args] = process.argv.slice(2);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: this needs Node 20.19 or later.`);
  process.exit(1);
}

/** npm's lockfile decides what must be installed: its hash is kept beside what was. */
const stamp = path.join(root, 'node_modules', '.installed-lock');
const lock = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('Installing npm packages (npm ci) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm ci failed: see its output above.');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const run = spawnSync(process.execPath, ['--import', 'tsx', path.join(root, script ?? ''), ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
