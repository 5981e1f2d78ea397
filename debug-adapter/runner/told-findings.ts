import type { Found } from '../boundary/checks/finding.ts';
import type { Channel } from './channel.ts';
import type { CallFrame } from './frames.ts';

/** What people have been told of what was found while the guest ran. */
export class ToldFindings {
  readonly #channel: Channel;
  /** Of a call, as code and function. */
  readonly #told = new WeakMap<CallFrame, Set<string>>();
  /** Codes of problems that did not stop and were told once. */
  readonly #noticed = new Set<string>();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Tells a finding, once for each call; false where it has been told. */
  tell(found: Found | null, call: CallFrame | null): boolean {
    if (!found || !call) return false;
    const told = this.#told.get(call) ?? new Set();
    const key = `${found.code} ${found.at?.kind ?? ''} ${found.at?.index ?? ''}`;
    if (told.has(key)) return false;
    this.#told.set(call, told.add(key));
    const { code, message, severity, at } = found;
    this.#channel.send({ type: 'found', sequence: call.sequence, found: { code, message, severity, at } });
    return true;
  }

  /** Tells of a problem that does not stop, once for each code. */
  notice(code: string, message: string): void {
    if (this.#noticed.has(code)) return;
    this.#noticed.add(code);
    this.#channel.send({ type: 'notice', message, category: 'important' });
  }
}
