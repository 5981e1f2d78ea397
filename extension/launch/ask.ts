import path from 'node:path';
import * as vscode from 'vscode';
import type { InspectedExport, Inspection } from '../../protocol/inspection.ts';
import type { PlannedCallInput } from '../../protocol/launch.ts';
import { callableExports, parseNumbers, signatureOf } from './calls.ts';
import { chooseGuest, findGuests, type Guest } from './guests.ts';

/** What was typed last, by export: offered again in the same workspace. */
const REMEMBERED = 'lastArguments';

/**
 * The guest to debug: the only one there is, or the one that the user picks.
 * @returns its absolute path, `null` where there is none, `undefined` where the user has turned away
 */
export async function askForGuest(folder: string): Promise<string | null | undefined> {
  const guests = await searchGuests(folder);
  const choice = chooseGuest(guests);
  if (choice.kind === 'none') return null;
  if (choice.kind === 'one') return choice.guest.file;
  const picked = await vscode.window.showQuickPick(
    choice.guests.map((guest) => guestItem(folder, guest)),
    {
      title: 'Debug a Kotlin/Wasm Guest',
      placeHolder: 'Several guests were found. Which one?',
      matchOnDescription: true,
    },
  );
  return picked?.file;
}

/** Every guest in a folder, with a progress indicator where that takes long. */
export async function searchGuests(folder: string): Promise<Guest[]> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Looking for .wasm files' },
    (_progress, token) => findGuests(folder, () => token.isCancellationRequested),
  );
}

function guestItem(folder: string, guest: Guest): vscode.QuickPickItem & { file: string } {
  const relative = path.relative(folder, guest.file);
  return {
    label: path.basename(relative),
    description: path.dirname(relative) === '.' ? '' : path.dirname(relative),
    file: guest.file,
  };
}

/** A file dialog for the guest. */
export async function chooseGuestFile(folder: string | undefined): Promise<string | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Choose the Guest to Debug',
      openLabel: 'Debug',
      filters: { WebAssembly: ['wasm'] },
      ...(folder !== undefined && { defaultUri: vscode.Uri.file(folder) }),
    })) ?? [];
  return uri?.fsPath;
}

type CallItem = vscode.QuickPickItem & { target?: InspectedExport };

/**
 * Which export to call, and with what.
 * @returns the calls (none where the guest is only to be started), or `undefined` where the user has turned away
 */
export async function askForCalls(
  inspection: Inspection,
  memory: vscode.Memento,
): Promise<PlannedCallInput[] | undefined> {
  const { withArgument, numeric } = callableExports(inspection);
  if (withArgument.length + numeric.length === 0) return [];
  const items: CallItem[] = [
    { label: 'With an argument', kind: vscode.QuickPickItemKind.Separator },
    ...withArgument.map(callItem),
    { label: 'With numbers', kind: vscode.QuickPickItemKind.Separator },
    ...numeric.map(callItem),
    { label: 'Without a call', kind: vscode.QuickPickItemKind.Separator },
    { label: 'Only start the guest', description: 'runs _start or _initialize' },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: `Debug ${path.basename(inspection.program)}`,
    placeHolder: 'Which export is to be called?',
    matchOnDescription: true,
  });
  if (!picked) return undefined;
  if (!picked.target) return [];
  const { name, takesArgument } = picked.target;
  if (!takesArgument) return askForNumbers(picked.target, memory);
  const argument = await askForArgument(name, memory);
  return argument === undefined ? undefined : [{ export: name, argument }];
}

function callItem(target: InspectedExport): CallItem {
  return { label: target.name, description: signatureOf(target).slice(target.name.length), target };
}

/** The text box for an argument. */
export async function askForArgument(name: string, memory: vscode.Memento): Promise<string | undefined> {
  const argument = await vscode.window.showInputBox({
    title: `Argument of ${name}`,
    prompt: 'Text that the guest receives, as UTF-8. JSON, bytes and files can be given in launch.json.',
    value: remembered(memory)[name] ?? '',
    ignoreFocusOut: true,
  });
  if (argument !== undefined) await remember(memory, name, argument);
  return argument;
}

async function askForNumbers(
  target: InspectedExport,
  memory: vscode.Memento,
): Promise<PlannedCallInput[] | undefined> {
  if (target.type.params.length === 0) return [{ export: target.name, params: [] }];
  const text = await vscode.window.showInputBox({
    title: `Parameters of ${target.name}`,
    prompt: `${signatureOf(target)}: numbers, separated by commas`,
    value: remembered(memory)[target.name] ?? '',
    ignoreFocusOut: true,
    validateInput: (typed) => {
      const read = parseNumbers(typed, target);
      return 'problem' in read ? read.problem : undefined;
    },
  });
  if (text === undefined) return undefined;
  await remember(memory, target.name, text);
  const read = parseNumbers(text, target);
  return 'problem' in read ? undefined : [{ export: target.name, params: read.params }];
}

function remembered(memory: vscode.Memento): Record<string, string> {
  return memory.get<Record<string, string>>(REMEMBERED, {});
}

async function remember(memory: vscode.Memento, name: string, text: string): Promise<void> {
  await memory.update(REMEMBERED, { ...remembered(memory), [name]: text });
}
