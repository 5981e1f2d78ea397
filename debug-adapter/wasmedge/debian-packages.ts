import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandExists, runChecked, runCommand } from './command.ts';

/**
 * Debian's packages without root: apt under a state directory of our own, `dpkg -x` into a folder of our own
 * (design.md §7).
 */

/** Every package that is downloaded is checked against a Release file that is signed by a key of this ring. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Whether packages can be taken from Debian here: its apt and its keys are there, and its archive is a source. */
export async function isDebianMachine(): Promise<boolean> {
  if (process.platform !== 'linux' || !(await commandExists('dpkg'))) return false;
  if (!(await commandExists('apt-get')) || !(await commandExists('apt-config', ['dump']))) return false;
  try {
    await access(KEYRING);
  } catch {
    return false;
  }
  return (await debianMirrors()).length > 0;
}

/** The Debian archives among this machine's apt sources, as apt itself reads them; none on other distributions. */
export async function debianMirrors(): Promise<string[]> {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)|$(LABEL)';
  const { status, stdout } = await runCommand('apt-get', [
    'indextargets',
    '--format',
    format,
    'Created-By: Packages',
  ]);
  if (status !== 0) return [];
  const known = new Set<string>();
  const likely = new Set<string>();
  for (const line of stdout.split('\n')) {
    const [uri = '', release = '', component, origin = '', label] = line.split('|');
    if (component !== 'main' || !/^(https?|file|mirror\+\w+):/.test(uri)) continue;
    if (origin === 'Debian' && label === 'Debian') known.add(uri);
    // Before the first `apt-get update` nothing tells whose an archive is but its suites; the signature check decides.
    else if (origin.startsWith('$(') && /^[a-z]+$/.test(release)) likely.add(uri);
  }
  return known.size > 0 ? [...known] : [...likely];
}

/** How to run apt on one suite, apart from the system's state. */
export interface Suite {
  suite: string;
  env: NodeJS.ProcessEnv;
  downloads: string;
}

/**
 * Reads one suite's package lists with apt, whose state is kept in the folder `state`: no root is needed, the system is
 * not touched, and signatures are checked.
 */
export async function openSuite(
  mirror: string,
  suite: string,
  state: string,
  log: (line: string) => void,
): Promise<Suite> {
  const downloads = path.join(state, 'downloads');
  await mkdir(path.join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(path.join(state, 'cache', 'archives', 'partial'), { recursive: true });
  await mkdir(downloads, { recursive: true });
  const architecture = (await runChecked('dpkg', ['--print-architecture'])).trim();
  const sources = path.join(state, 'sources.list');
  await writeFile(sources, `deb [arch=${architecture} signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  // A configuration of its own: the system's may hold hooks that clean up after every apt run. How to reach a mirror
  // (proxies, certificates) is kept.
  const acquire = (await runChecked('apt-config', ['dump'])).split('\n').filter(isAcquireSetting);
  const settings = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': state,
    'Dir::State::lists': path.join(state, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': path.join(state, 'cache'),
    'APT::Architecture': architecture,
    'APT::Sandbox::User': 'root',
    'APT::Update::Error-Mode': 'any',
    'Acquire::Languages': 'none',
    'Acquire::AllowInsecureRepositories': 'false',
    'Acquire::Retries': '3',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  const configuration = path.join(state, 'apt.conf');
  await writeFile(configuration, [...acquire, ...lines, ''].join('\n'));

  const apt = { suite, env: { ...process.env, APT_CONFIG: configuration, LC_ALL: 'C' }, downloads };
  log(`Reading the package lists of Debian ${suite} …`);
  await runChecked('apt-get', ['update'], { env: apt.env });
  return apt;
}

/**
 * Lines of `apt-config dump` that say how to reach a mirror and how old its lists may be; not which lists there are, and
 * nothing that could leave signatures unchecked.
 */
function isAcquireSetting(line: string): boolean {
  return /^Acquire::(?!Allow|IndexTargets|Changelogs|CompressionTypes|Languages|cdrom)[\w.:-]+ ".+";$/i.test(
    line,
  );
}

/**
 * Unpacks packages and everything they depend on into `folder`, without running their scripts.
 * `leaveOut` names packages that the system's own stand in for.
 */
export async function unpackPackages(
  apt: Suite,
  names: readonly string[],
  folder: string,
  log: (line: string) => void,
  leaveOut: readonly string[] = [],
): Promise<void> {
  const packages = (await withDependencies(apt, names)).filter((name) => !leaveOut.includes(name));
  log(
    `Downloading ${packages.length} packages from Debian ${apt.suite} (${await downloadSize(apt, packages)}) …`,
  );
  let fetched = 0;
  await runChecked('apt-get', ['download', ...packages], {
    env: apt.env,
    cwd: apt.downloads,
    onLine: (line) => {
      if (!line.startsWith('Get:')) return;
      fetched += 1;
      if (fetched % 10 === 0 || fetched === packages.length) log(`  ${fetched} of ${packages.length}`);
    },
  });
  log('Unpacking …');
  for (const file of (await readdir(apt.downloads)).sort()) {
    await runChecked('dpkg', ['-x', path.join(apt.downloads, file), folder]);
  }
}

/**
 * The packages and all that they need, as apt would install them on an empty system: its solver picks one provider
 * where a dependency has several.
 */
async function withDependencies(apt: Suite, packages: readonly string[]): Promise<string[]> {
  const plan = await runChecked(
    'apt-get',
    ['install', '--simulate', '--no-install-recommends', ...packages],
    {
      env: apt.env,
    },
  );
  return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '').sort();
}

/** e.g. `58 MB`. */
async function downloadSize(apt: Suite, packages: string[]): Promise<string> {
  const uris = await runChecked('apt-get', ['download', '--print-uris', ...packages], { env: apt.env });
  const bytes = [...uris.matchAll(/^'[^']*' \S+ (\d+)/gm)].reduce((sum, [, size]) => sum + Number(size), 0);
  return `${Math.round(bytes / 1e6)} MB`;
}
