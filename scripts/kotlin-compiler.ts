import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheDirectory } from '../debug-adapter/wasmedge/cache.ts';
import { runChecked } from '../debug-adapter/wasmedge/command.ts';
import { withLock } from '../debug-adapter/wasmedge/lock.ts';
import type { Log } from '../debug-adapter/wasmedge/provide.ts';
import artifacts from './kotlin-artifacts.json' with { type: 'json' };
import { provideMaven } from './kotlin-java.ts';

/**
 * Versions that guests are compiled with: the newest; the oldest with the new exception handling; the last published
 * one with the legacy one (design.md §7).
 */
export type KotlinVersion = keyof typeof artifacts;
export const DEFAULT_KOTLIN: KotlinVersion = '2.4.10';

/** Maven's plugin that copies artifacts with their dependencies. */
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** A Kotlin/Wasm compiler in the cache. */
export interface KotlinCompiler {
  version: KotlinVersion;
  /** The compiler and its dependencies. */
  classPath: string[];
  /** The standard library for wasm-wasi, a klib. */
  standardLibrary: string;
}

/**
 * Puts the compiler and the standard library into the cache, unless they are there: Maven fetches them from Maven
 * Central as this machine is set up to reach it, and each file is checked against the SHA-256 in kotlin-artifacts.json.
 * About 20 s and 70 MB a version.
 */
export async function provideKotlin(
  version: KotlinVersion,
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<KotlinCompiler> {
  const folder = path.join(cacheDirectory(env), 'kotlin', version);
  if (!(await isFolder(folder))) {
    const onWait = () => log(`Another process is setting up Kotlin ${version}: waiting for it …`);
    await withLock(`${folder}.lock`, onWait, async () => {
      if (!(await isFolder(folder))) await download(version, folder, log, env);
    });
  }
  const names = Object.keys(artifacts[version]);
  const inFolder = (ending: string) =>
    names.filter((name) => name.endsWith(ending)).map((name) => path.join(folder, name));
  const [standardLibrary] = inFolder('.klib');
  if (!standardLibrary) throw new Error(`kotlin-artifacts.json names no standard library for ${version}.`);
  return { version, classPath: inFolder('.jar'), standardLibrary };
}

async function download(
  version: KotlinVersion,
  folder: string,
  log: Log,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const maven = await provideMaven(log, env);
  const work = await mkdtemp(`${folder}.tmp-`);
  try {
    log(`Downloading the Kotlin compiler ${version} from Maven Central …`);
    const jars = path.join(work, 'jars');
    await mkdir(jars);
    await writeFile(path.join(work, 'pom.xml'), projectModel(version));
    const repository = path.join(cacheDirectory(env), 'maven');
    const options = ['--batch-mode', '--strict-checksums', `-Dmaven.repo.local=${repository}`];
    await runChecked(maven.command, [...options, COPY, `-DoutputDirectory=${jars}`], {
      cwd: work,
      env: maven.env,
      onLine: (line) => {
        // Maven's own plugins are downloaded too; they are many and small.
        const file = /Downloaded from .*\/(kotlin[\w.-]+\.(?:jar|klib)) (\(.*\))$/.exec(line);
        if (file) log(`  ${file[1] ?? ''} ${file[2] ?? ''}`);
      },
    });
    await verify(jars, artifacts[version]);
    await rename(jars, folder);
    log(`Kotlin ${version} is ready in ${folder}.`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A Maven project that depends on the compiler and the standard library, and has nothing else. */
function projectModel(version: string): string {
  const dependency = (artifact: string, type: string) =>
    `<dependency><groupId>org.jetbrains.kotlin</groupId><artifactId>${artifact}</artifactId>` +
    `<version>${version}</version><type>${type}</type></dependency>`;
  return (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
    '<groupId>kotlin-wasmedge</groupId><artifactId>compiler</artifactId><version>1</version><dependencies>' +
    dependency('kotlin-compiler-embeddable', 'jar') +
    dependency('kotlin-stdlib-wasm-wasi', 'klib') +
    '</dependencies></project>\n'
  );
}

/** @throws Error that names a file that is missing, not expected, or not what it was when its hash was recorded. */
async function verify(folder: string, expected: Record<string, string>): Promise<void> {
  const names = new Set([...Object.keys(expected), ...(await readdir(folder))]);
  for (const name of names) {
    const wanted = expected[name];
    if (!wanted) throw new Error(`Maven fetched ${name}, which kotlin-artifacts.json does not name.`);
    const bytes = await readFile(path.join(folder, name));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== wanted) throw new Error(`${name} has the SHA-256 ${sha256}, not ${wanted}.`);
  }
}

async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
