import os from 'node:os';
import path from 'node:path';
import type { Log } from '../../debug-adapter/wasmedge/provide.ts';
import { provideWasmEdge } from '../../debug-adapter/wasmedge/provide.ts';
import { nodeCommand } from '../../debug-adapter/wasmedge/provided.ts';
import { ENGINE_VERSIONS, type EngineVersion } from '../../debug-adapter/wasmedge/version.ts';
import { buildIfChanged } from '../build-if-changed.ts';
import { provideChromium } from '../editor-chromium.ts';
import { provideDapMode } from '../emacs-setup.ts';
import { provideWasmCorpus } from '../wasm-corpus.ts';
import { provideCodeServer, type EditorVersion } from '../editor-setup.ts';
import { GENERATED_CHECKS, LINT_CHECKS, runChecks, TYPE_CHECKS, type Check } from './checks.ts';
import { runTestFiles, testFilesIn } from './test-files.ts';
import type { Tally } from './tally.ts';

export const STAGE_NAMES = ['lint', 'types', 'generated', 'unit', 'binding', 'adapter', 'editor'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** A part of `npm test`. */
export interface Stage {
  name: StageName;
  /** The name with the version that it runs on. */
  title: string;
  run(log: Log): Promise<Tally>;
}

export interface Selection {
  only: readonly StageName[];
  wasmedge: readonly EngineVersion[];
  editors: readonly EditorVersion[];
  /** Parts of test files' paths; all files when empty. */
  files: readonly string[];
  grep?: string | undefined;
}

/** The stages in the order in which they run: what is quick comes first. */
export function selectStages(selection: Selection): Stage[] {
  const wasmedge = selection.wasmedge.length > 0 ? selection.wasmedge : ENGINE_VERSIONS;
  // Files and test names choose among test files: what checks the whole checkout has neither.
  const checks = selection.files.length === 0 && selection.grep === undefined;
  const stages: Stage[] = [
    ...(checks ? [checkStage('lint', LINT_CHECKS), checkStage('types', TYPE_CHECKS)] : []),
    ...(checks ? [checkStage('generated', GENERATED_CHECKS)] : []),
    unitStage(selection),
    ...wasmedge.map((version) => bindingStage(version, selection)),
    ...wasmedge.map((version) => adapterStage(version, selection)),
    ...selection.editors.map((version) => editorStage(version, selection)),
  ];
  return stages.filter(({ name }) => selection.only.length === 0 || selection.only.includes(name));
}

function checkStage(name: StageName, checks: Check[]): Stage {
  return { name, title: name, run: () => runChecks(checks) };
}

function unitStage(selection: Selection): Stage {
  return {
    name: 'unit',
    title: 'unit',
    run: async () => runFiles(['test/unit'], selection, {}),
  };
}

/**
 * The binding loads libwasmedge into the test's own process, so that one runs as the runner would be started. What the
 * rewriting of guests does to them is tested there too.
 */
function bindingStage(version: EngineVersion, selection: Selection): Stage {
  return {
    name: 'binding',
    title: `binding, WasmEdge ${version}`,
    run: async (log) => {
      await buildIfChanged(log);
      const engine = await provideWasmEdge(version, log);
      const corpus = await provideWasmCorpus(log);
      return runFiles(['wasmedge-napi/test', 'test/rewriting'], selection, {
        node: nodeCommand(engine, process.execPath),
        env: {
          WASMEDGE_VERSION: version,
          WASMEDGE_LIB_DIR: path.dirname(engine.library),
          ...(corpus !== null && { WASM_CORPUS: corpus }),
        },
      });
    },
  };
}

/** The one test that needs another DAP client. */
const DAP_MODE = 'test/adapter/dap-mode.test.ts';

function adapterStage(version: EngineVersion, selection: Selection): Stage {
  return {
    name: 'adapter',
    title: `adapter, WasmEdge ${version}`,
    run: async (log) => {
      await buildIfChanged(log);
      await provideWasmEdge(version, log);
      const isWanted =
        selection.files.length === 0 || selection.files.some((part) => DAP_MODE.includes(part));
      const emacs = isWanted ? await provideDapMode(log) : null;
      return runFiles(['test/adapter'], selection, {
        env: { WASMEDGE_VERSION: version, ...(emacs !== null && { ADAPTER_EMACS: emacs }) },
      });
    },
  };
}

/** Real VS Code with the packaged extension; one at a time, because each takes the machine's processors. */
function editorStage(version: EditorVersion, selection: Selection): Stage {
  return {
    name: 'editor',
    title: `editor, VS Code ${version}`,
    run: async (log) => {
      await buildIfChanged(log);
      for (const engine of ENGINE_VERSIONS) await provideWasmEdge(engine, log);
      await provideCodeServer(log, version);
      const chromium = await provideChromium(log);
      const { packageVsix } = await import('../package.ts');
      const vsix = await packageVsix();
      return runFiles(['test/editor'], selection, {
        concurrency: 1,
        env: { EDITOR_VERSION: version, EDITOR_VSIX: vsix, EDITOR_CHROMIUM: chromium },
      });
    },
  };
}

async function runFiles(
  folders: readonly string[],
  selection: Selection,
  how: { node?: readonly string[]; env?: NodeJS.ProcessEnv; concurrency?: number },
): Promise<Tally> {
  const files = (await Promise.all(folders.map(testFilesIn)))
    .flat()
    .filter((file) => selection.files.length === 0 || selection.files.some((part) => file.includes(part)));
  return runTestFiles({
    files,
    node: how.node ?? [process.execPath],
    env: { ...process.env, ...how.env },
    concurrency: how.concurrency ?? os.availableParallelism(),
    grep: selection.grep,
  });
}
