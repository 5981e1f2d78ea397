import path from 'node:path';
import { commandExists, runChecked, runCommand } from '../../debug-adapter/wasmedge/command.ts';
import type { OpenedEditor } from '../demo-editor.ts';

/**
 * Whether `code` opens a window here. Inside an editor's remote terminal that name is another program, which knows
 * neither of the folders used below; without a display, or as root, VS Code does not start.
 */
export async function hasDesktopEditor(): Promise<boolean> {
  if (process.env.VSCODE_IPC_HOOK_CLI || process.getuid?.() === 0) return false;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  return commandExists('code');
}

/** Opens a window of the installed VS Code with settings and extensions of its own: the user's are not touched. */
export async function openDesktopEditor(
  vsix: string,
  workspace: string,
  state: string,
): Promise<OpenedEditor> {
  const folders = [
    ...['--user-data-dir', path.join(state, 'user-data')],
    ...['--extensions-dir', path.join(state, 'extensions')],
  ];
  await runChecked('code', [...folders, '--install-extension', vsix, '--force']);
  console.log('\nOpening VS Code …');
  const window = runChecked('code', [
    ...folders,
    ...['--disable-workspace-trust', '--skip-welcome', '--new-window', '--wait', workspace],
  ]);
  return { closed: window.then(() => undefined), close: () => endProcesses(state) };
}

/** Ends VS Code, which runs apart from the `code` that started it: its processes name our folder. */
async function endProcesses(state: string): Promise<void> {
  const { stdout } = await runCommand('ps', ['-A', '-o', 'pid=,args=']);
  for (const line of stdout.split('\n').filter((text) => text.includes(state))) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGTERM');
    } catch {
      // It has ended meanwhile.
    }
  }
}
