import * as vscode from 'vscode';
import type { BoundaryChanged, Finding, FindingGroup } from '../../protocol/boundary.ts';

/** Where the findings of a session come from. */
export interface FindingSource {
  findings(): Promise<FindingGroup[]>;
}

const SEVERITIES: Record<Finding['severity'], vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/**
 * What the boundary checks found in the latest session, in Problems, at the Kotlin declaration of the import or export.
 * It stays when the session ends, and goes when another one is launched.
 */
export class BoundaryProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('kotlin-wasmedge');
  private sessionId: string | null = null;
  /** How often it was told that there are findings, and up to which time they are shown. */
  private told = 0;
  private shown = 0;
  /** What is shown, as JSON: a running guest tells of changes that are none here. */
  private content = '';
  private refreshing: Promise<void> | null = null;

  /** A session has been launched: its findings take the place of those of the one before. */
  launched(sessionId: string): void {
    if (this.sessionId === sessionId) return;
    this.sessionId = sessionId;
    this.told = 0;
    this.shown = 0;
    this.content = '';
    this.collection.clear();
  }

  changed(sessionId: string, source: FindingSource, { problems = 0 }: BoundaryChanged): void {
    if (sessionId !== this.sessionId || problems === 0) return;
    this.told += 1;
    void this.settled(sessionId, source);
  }

  /** Resolves when everything that it was told of is shown. An adapter that is gone leaves what is there. */
  async settled(sessionId: string, source: FindingSource): Promise<void> {
    while (this.sessionId === sessionId && this.shown !== this.told) {
      this.refreshing ??= this.refresh(sessionId, source).finally(() => (this.refreshing = null));
      await this.refreshing;
    }
  }

  private async refresh(sessionId: string, source: FindingSource): Promise<void> {
    const { told } = this;
    const groups = await source.findings().catch(() => null);
    if (this.sessionId !== sessionId) return;
    this.shown = told;
    if (groups) this.show(groups);
  }

  private show(groups: readonly FindingGroup[]): void {
    const content = JSON.stringify(groups);
    if (content === this.content) return;
    this.content = content;
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const group of groups) {
      const path = group.finding.location?.path;
      if (path !== undefined) byFile.set(path, [...(byFile.get(path) ?? []), diagnosticOf(group)]);
    }
    this.collection.set([...byFile].map(([path, diagnostics]) => [vscode.Uri.file(path), diagnostics]));
  }

  dispose(): void {
    this.collection.dispose();
  }
}

function diagnosticOf({ finding, count }: FindingGroup): vscode.Diagnostic {
  const line = Math.max(0, (finding.location?.line ?? 1) - 1);
  const more = count === 1 ? '' : ` (The same in ${count - 1} more ${count === 2 ? 'call' : 'calls'}.)`;
  // Up to the end of the line, wherever that is.
  const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, finding.message + more, SEVERITIES[finding.severity]);
  diagnostic.source = 'boundary';
  diagnostic.code = finding.code;
  return diagnostic;
}
