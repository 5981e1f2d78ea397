import type { Direction, Finding, OfferedDecoder } from '../protocol/boundary.ts';
import type { CallView, DecoderChoice } from '../protocol/webview.ts';
import { BufferPane, type BufferPaneEvents } from './buffer-pane.ts';
import { STATUS_WORDS } from './call-row.ts';
import { CrossingsView } from './crossings-view.ts';
import { element, setText } from './dom.ts';
import { HandedOverList } from './handed-over-list.ts';
import type { SharedSettings } from './hex-settings.ts';
import type { Host } from './host.ts';
import { icon } from './icons.ts';
import { formatMicros, formatTypes, formatValues } from './model/format.ts';

interface CallDetailsEvents extends BufferPaneEvents {
  /** Back to the list. */
  left(): void;
}

/** The chosen call: what was called with what, what was found, both buffers, and the crossings. */
export class CallDetails {
  readonly node: HTMLElement;
  readonly crossings: CrossingsView;
  private readonly host: Host;
  private readonly content: HTMLElement;
  private readonly message = element('div', { class: 'details-message', role: 'status' });
  private readonly name = element('strong');
  private readonly values = element('span');
  private readonly signature = element('h2', {
    class: 'signature',
    testId: 'signature',
    children: [this.name, this.values],
  });
  private readonly facts = element('span', { class: 'call-facts' });
  private readonly findings = element('div', { class: 'findings', testId: 'findings' });
  private readonly handedOver: HandedOverList;
  private readonly panes: Record<Direction, BufferPane>;

  constructor(host: Host, settings: SharedSettings, events: CallDetailsEvents) {
    this.host = host;
    this.handedOver = new HandedOverList(host, (direction, index) => events.bufferChosen(direction, index));
    this.panes = {
      argument: new BufferPane('argument', host, settings, events),
      result: new BufferPane('result', host, settings, events),
    };
    this.crossings = new CrossingsView(host);
    this.content = element('div', {
      class: 'details-content',
      children: [
        element('header', { class: 'call-head', children: [this.signature, this.facts] }),
        this.findings,
        this.handedOver.node,
        element('div', { class: 'buffers', children: [this.panes.argument.node, this.panes.result.node] }),
        this.crossings.node,
      ],
    });
    this.node = element('div', {
      class: 'details',
      role: 'region',
      testId: 'details',
      attributes: { 'aria-label': 'Chosen call' },
      children: [this.message, this.content],
    });
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') events.left();
    });
    this.showMessage('Select a call to see its buffers.');
  }

  offerDecoders(decoders: readonly OfferedDecoder[]): void {
    this.panes.argument.offer(decoders);
    this.panes.result.offer(decoders);
  }

  /** Shows a sentence instead of a call. */
  showMessage(text: string): void {
    setText(this.message, text);
    this.message.hidden = false;
    this.content.hidden = true;
  }

  /** @param place the session, and whether it stands still in this call */
  show(call: CallView, decoders: DecoderChoice, place: { session: string; atStop: boolean }): void {
    this.message.hidden = true;
    this.content.hidden = false;
    this.node.dataset['sequence'] = String(call.sequence);
    this.node.dataset['status'] = call.status;
    const parts = [`callId ${call.callId}`, STATUS_WORDS[call.status]];
    if (call.durationMicros !== undefined) parts.push(formatMicros(call.durationMicros));
    parts.push(`sequence ${call.sequence}`, `at ${formatMicros(call.startMicros)}`);
    if (call.parent !== undefined) parts.push(`inside sequence ${call.parent}`);
    setText(this.facts, parts.join(' · '));
    this.showSignature(call);
    this.showFindings(call);
    this.handedOver.show(call);
    this.panes.argument.show(call, missingArgument(call), decoders.argument, place);
    this.panes.result.show(call, missingResult(call), decoders.result, place);
    this.crossings.show(call);
  }

  focusBuffer(direction: Direction = 'argument'): void {
    this.panes[direction].node.scrollIntoView({ block: 'nearest' });
    this.panes[direction].focus();
  }

  private showSignature(call: CallView): void {
    const returned = call.returns.length > 0 ? ` → ${formatValues(call.returns)}` : '';
    setText(this.name, call.export);
    setText(this.values, call.notKept === undefined ? `(${formatValues(call.params)})${returned}` : '');
    this.signature.title = `Takes ${formatTypes(call.params)}; returned ${formatTypes(call.returns)}`;
  }

  private showFindings(call: CallView): void {
    const findings: Finding[] = [...call.findings];
    if (call.reason !== undefined)
      findings.unshift({ code: call.status, severity: 'error', message: call.reason });
    if (call.notKept !== undefined)
      findings.unshift({ code: 'not-kept', severity: 'info', message: call.notKept });
    this.findings.replaceChildren(...findings.map((finding) => this.finding(finding)));
  }

  private finding({ code, severity, message, location }: Finding): HTMLElement {
    const place = location ? this.place(location) : null;
    return element('div', {
      class: `finding finding-${severity}`,
      role: severity === 'error' ? 'alert' : 'note',
      attributes: { 'data-code': code },
      children: [
        icon(severity === 'error' ? 'trapped' : 'warning'),
        element('span', { text: message }),
        place,
      ],
    });
  }

  private place(location: { path: string; line: number }): HTMLElement {
    const name = location.path.split(/[\\/]/).at(-1) ?? location.path;
    const link = element('button', {
      class: 'link',
      text: `${name}:${location.line}`,
      attributes: { type: 'button' },
    });
    link.addEventListener('click', () => this.host.post({ type: 'openLocation', ...location }));
    return link;
  }
}

function missingArgument(call: CallView): string {
  if (call.notKept !== undefined) return '';
  return call.status === 'running'
    ? 'The guest has not asked for its argument yet.'
    : 'The guest asked for no argument.';
}

function missingResult(call: CallView): string {
  if (call.notKept !== undefined) return '';
  return call.status === 'running'
    ? 'The guest has not returned a result yet.'
    : 'The guest returned no result.';
}
