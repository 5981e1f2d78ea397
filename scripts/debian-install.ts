import { runChecked } from '../debug-adapter/wasmedge/command.ts';
import { isDebianMachine } from '../debug-adapter/wasmedge/debian-packages.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';

/**
 * Installs Debian packages into the system, where this is Debian and we are root; false elsewhere.
 * @throws Error with apt's own words where they cannot be installed.
 */
export async function installDebianPackages(names: readonly string[], log: Log): Promise<boolean> {
  if (process.getuid?.() !== 0 || !(await isDebianMachine())) return false;
  log(`Installing ${names.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  // Another apt may be at work: wait for it instead of failing.
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  await runChecked('apt-get', [...lock, 'update'], { env });
  await runChecked('apt-get', [...lock, 'install', '-y', '--no-install-recommends', ...names], { env });
  return true;
}
