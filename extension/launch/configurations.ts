import path from 'node:path';
import * as vscode from 'vscode';
import { DEBUG_TYPE } from '../../protocol/debug-type.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import { inspect, type AdapterProgram } from '../adapter/program.ts';
import { searchGuests } from './ask.ts';
import { offeredCalls } from './calls.ts';
import type { Guest } from './guests.ts';
import { portablePath } from './launch-file.ts';

/** Guests that configurations are offered for at most: each is looked into. */
const MOST_GUESTS = 8;

/** Where configurations come from that nobody has written yet. */
export class OfferedConfigurations {
  private readonly program: AdapterProgram;
  private readonly log: vscode.LogOutputChannel;

  constructor(program: AdapterProgram, log: vscode.LogOutputChannel) {
    this.program = program;
    this.log = log;
  }

  /**
   * One configuration for each export that takes an argument, of each guest in the folder.
   * @param argument what the guest receives: a text to be edited, or a variable that asks for it at launch
   */
  async of(
    folder: vscode.WorkspaceFolder | undefined,
    argument: string,
  ): Promise<vscode.DebugConfiguration[]> {
    const guests = folder ? bestOfEach(await searchGuests(folder.uri.fsPath)) : [];
    const names = namesOf(guests, folder);
    const offered = guests.map(async ({ file }) => {
      const program = portablePath(file, folder);
      const base = { type: DEBUG_TYPE, request: 'launch', program };
      const calls = offeredCalls(await this.inspection(file), argument);
      const name = names.get(file) ?? path.basename(file);
      if (calls.length === 0) return [{ ...base, name: `Debug ${name}` }];
      return calls.map((call) => ({ ...base, name: `Call ${call.export} (${name})`, calls: [call] }));
    });
    const configurations = (await Promise.all(offered)).flat();
    return configurations.length > 0 ? configurations : [fallback()];
  }

  private async inspection(program: string): Promise<Inspection | null> {
    try {
      return await inspect(this.program, { program });
    } catch (error) {
      this.log.error(error as Error);
      return null;
    }
  }
}

/** The best variant of each guest; tests only where there is nothing else. */
function bestOfEach(guests: Guest[]): Guest[] {
  const programs = guests.filter((guest) => !guest.test);
  const best = new Map<string, Guest>();
  for (const guest of programs.length > 0 ? programs : guests)
    if (!best.has(guest.group)) best.set(guest.group, guest);
  return [...best.values()].slice(0, MOST_GUESTS);
}

/** A guest's file name, with its folder where several have the same. */
function namesOf(guests: Guest[], folder: vscode.WorkspaceFolder | undefined): Map<string, string> {
  const short = guests.map(({ file }) => path.basename(file));
  return new Map(
    guests.map(({ file }) => {
      const name = path.basename(file);
      const unique = short.filter((other) => other === name).length === 1;
      return [file, unique || !folder ? name : path.relative(folder.uri.fsPath, file)];
    }),
  );
}

/** Asks for the guest when it is launched. */
function fallback(): vscode.DebugConfiguration {
  return {
    type: DEBUG_TYPE,
    request: 'launch',
    name: 'Debug a Kotlin/Wasm guest',
    program: '${command:PickGuest}',
  };
}
