import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { commandExists } from '../debug-adapter/wasmedge/command.ts';
import {
  debianMirrors,
  isDebianMachine,
  openSuite,
  unpackPackages,
} from '../debug-adapter/wasmedge/debian-packages.ts';
import { withLock } from '../debug-adapter/wasmedge/lock.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import { trustStore } from './kotlin-trust-store.ts';

/** A program and the environment that it needs. */
export interface Tool {
  command: string;
  env: NodeJS.ProcessEnv;
}

const PACKAGES = ['default-jre-headless', 'maven'];
const INSTALL =
  'Install a Java runtime (8 or later) and Maven so that `java` and `mvn` are on the PATH; it can be done for you on Debian only.';

/**
 * `java`: the machine's own, else Debian's package, unpacked into the cache: no root is needed.
 * @throws Error that says what to install.
 */
export async function provideJava(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<Tool> {
  if (await commandExists('java', ['-version'], { env })) return { command: 'java', env };
  const prefix = await providePrefix(log, env);
  return {
    command: path.join(await javaHome(prefix), 'bin', 'java'),
    env: await toolEnvironment(prefix, env),
  };
}

/** `mvn`, likewise. It is what knows how to reach Maven Central here: the user's settings, mirrors and proxies. */
export async function provideMaven(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<Tool> {
  if (await commandExists('mvn', ['--version'], { env })) return { command: 'mvn', env };
  const prefix = await providePrefix(log, env);
  return {
    command: path.join(prefix, 'usr/share/maven/bin/mvn'),
    env: await toolEnvironment(prefix, env),
  };
}

async function toolEnvironment(prefix: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const folders: string[] = [];
  for (const library of ['usr/lib', 'lib']) {
    const names = await readdir(path.join(prefix, library)).catch(() => []);
    const multiarch = names.filter((name) => /^\w+-linux-gnu\w*$/.test(name));
    folders.push(...multiarch.map((name) => path.join(prefix, library, name)));
  }
  return { ...env, JAVA_HOME: await javaHome(prefix), LD_LIBRARY_PATH: folders.join(':') };
}

async function javaHome(prefix: string): Promise<string> {
  const folder = path.join(prefix, 'usr/lib/jvm');
  for (const name of (await readdir(folder)).sort()) {
    const home = path.join(folder, name);
    if (await exists(path.join(home, 'bin/java'))) return home;
  }
  throw new Error(`No Java runtime is in ${folder}: remove ${prefix} and try again.`);
}

async function providePrefix(log: Log, env: NodeJS.ProcessEnv): Promise<string> {
  const prefix = path.join(cacheDirectory(env), `java-${process.platform}-${process.arch}`);
  if (await exists(prefix)) return prefix;
  if (!(await isDebianMachine())) throw new Error(`No Java runtime or no Maven was found. ${INSTALL}`);
  const onWait = () => log('Another process is setting up Java: waiting for it …');
  await withLock(`${prefix}.lock`, onWait, async () => {
    if (!(await exists(prefix))) await unpack(prefix, log);
  });
  return prefix;
}

async function unpack(prefix: string, log: Log): Promise<void> {
  await mkdir(path.dirname(prefix), { recursive: true });
  const folder = await mkdtemp(`${prefix}.tmp-`);
  try {
    log("Setting up Java and Maven from Debian's packages …");
    const mirror = (await debianMirrors())[0];
    if (!mirror) throw new Error(`No Debian archive is among this machine's apt sources. ${INSTALL}`);
    const state = path.join(folder, 'apt');
    // The system's own suite, so that its libc serves.
    const apt = await openSuite(mirror, await systemSuite(), state, log);
    await unpackPackages(apt, PACKAGES, folder, log, ['libc6', 'libc-bin']);
    await rm(state, { recursive: true });
    // A package's script would have made this file of certificates, for Maven's downloads.
    const certificates = path.join(folder, 'etc/ssl/certs/java/cacerts');
    await mkdir(path.dirname(certificates), { recursive: true });
    await writeFile(certificates, await trustStore());
    await relink(folder, folder);
    await chmod(folder, 0o755);
    await rename(folder, prefix);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Packages link to each other's files by absolute paths: those that are in the prefix are made relative. */
async function relink(folder: string, prefix: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await relink(file, prefix);
    if (!entry.isSymbolicLink()) continue;
    const target = await readlink(file);
    const inside = path.join(prefix, target);
    if (!path.isAbsolute(target) || !(await exists(inside))) continue;
    await rm(file);
    await symlink(path.relative(folder, inside), file);
  }
}

async function systemSuite(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8');
  const suite = /^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1];
  if (!suite) throw new Error(`/etc/os-release names no VERSION_CODENAME. ${INSTALL}`);
  return suite;
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch {
    return false;
  }
}
