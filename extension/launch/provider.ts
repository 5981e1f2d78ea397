import path from 'node:path';
import * as vscode from 'vscode';
import { DEBUG_TYPE } from '../../protocol/debug-type.ts';
import type { AdapterProgram } from '../adapter/program.ts';
import { inspect } from '../adapter/program.ts';
import { askForCalls, askForGuest } from './ask.ts';
import type { OfferedConfigurations } from './configurations.ts';
import type { Fixes } from './fixes.ts';
import { withAbsolutePaths } from './paths.ts';
import { preflight } from './preflight.ts';

/** What launch.json is created with; F5 then starts the first. */
const SAMPLE_ARGUMENT = 'World';
/** In a configuration that nobody has written: the user is asked which export to call. Never reaches the adapter. */
export const ASK_FOR_CALLS = '__askForCalls';

/** Completes launch configurations, and checks them before a session starts. Each concern is a function elsewhere. */
export class GuestConfigurationProvider implements vscode.DebugConfigurationProvider {
  private readonly program: AdapterProgram;
  private readonly offered: OfferedConfigurations;
  private readonly fixes: Fixes;
  private readonly memory: vscode.Memento;
  private readonly log: vscode.LogOutputChannel;

  constructor(
    program: AdapterProgram,
    offered: OfferedConfigurations,
    fixes: Fixes,
    memory: vscode.Memento,
    log: vscode.LogOutputChannel,
  ) {
    this.program = program;
    this.offered = offered;
    this.fixes = fixes;
    this.memory = memory;
    this.log = log;
  }

  provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration[]> {
    return this.offered.of(folder, SAMPLE_ARGUMENT);
  }

  /** F5 without a launch.json comes with nothing at all; a configuration without `program` asks for it too. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const { type, request, name, program } = configuration as Partial<vscode.DebugConfiguration>;
    const unwritten = !type && !request && !name;
    const complete: vscode.DebugConfiguration = {
      ...configuration,
      type: type ?? DEBUG_TYPE,
      request: request ?? 'launch',
      name: name ?? 'Debug a Kotlin/Wasm guest',
    };
    if (program === undefined) {
      const guest = await this.guest(folder, complete);
      if (guest === undefined) return undefined;
      complete['program'] = guest;
      if (unwritten) complete.name = `Debug ${path.basename(guest)}`;
    }
    if (unwritten || configuration[ASK_FOR_CALLS] === true) return this.withCalls(complete);
    return complete;
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const resolved = withAbsolutePaths(configuration, folder?.uri.fsPath);
    const launch = { folder, configuration: resolved };
    return (await preflight(this.program, launch, this.fixes, this.log)) ? resolved : undefined;
  }

  private async guest(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<string | undefined> {
    const guest = folder ? await askForGuest(folder.uri.fsPath) : null;
    if (guest !== null) return guest;
    const where = folder ? `There is no .wasm file in ${folder.name}` : 'No folder is open';
    this.fixes.show(
      {
        code: 'program-missing',
        message: `${where}. Build the guest first (in Gradle: compileDevelopmentExecutableKotlinWasmWasi), or choose a file.`,
        fix: { kind: 'choose-program', title: 'Choose a File…' },
      },
      { folder, configuration: { ...configuration, [ASK_FOR_CALLS]: true } },
    );
    return undefined;
  }

  /** A guest that cannot be inspected is left to the preflight, which says why. */
  private async withCalls(
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const { [ASK_FOR_CALLS]: _asked, ...rest } = configuration;
    const complete = rest;
    const inspection = await inspect(this.program, { program: complete['program'] as string }).catch(
      (error: unknown) => {
        this.log.error(error as Error);
        return null;
      },
    );
    if (!inspection || inspection.problems.some(({ code }) => code.startsWith('program-'))) return complete;
    const calls = await askForCalls(inspection, this.memory);
    if (!calls) return undefined;
    const name = calls[0] ? `Call ${calls[0].export} (${path.basename(inspection.program)})` : complete.name;
    return { ...complete, name, calls };
  }
}

/** The configurations that VS Code lists under "Select and Start Debugging"; their arguments are asked for at launch. */
export class DynamicConfigurationProvider implements vscode.DebugConfigurationProvider {
  private readonly offered: OfferedConfigurations;

  constructor(offered: OfferedConfigurations) {
    this.offered = offered;
  }

  provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration[]> {
    return this.offered.of(folder, '${command:AskForArgument}');
  }
}
