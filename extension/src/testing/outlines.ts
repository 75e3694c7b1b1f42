/** What files offer to record, as the editor shows them: asked of the workspace service, once a version. */
import * as vscode from 'vscode';
import type { Outline } from './workspace/protocol.ts';
import type { WorkspaceService } from './workspace/service-client.ts';

export class Outlines {
  private readonly known = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly outline: Promise<Outline> }
  >();

  constructor(private readonly service: WorkspaceService) {}

  /** Rejects where the service does. */
  ofDocument(document: vscode.TextDocument): Promise<Outline> {
    const { version } = document;
    const known = this.known.get(document);
    if (known?.version === version) return known.outline;
    const ask = { file: document.uri.fsPath, ...(document.isDirty ? { text: document.getText() } : {}) };
    const outline = this.service.ask('outline', ask);
    this.known.set(document, { version, outline });
    outline.catch(() => this.known.delete(document));
    return outline;
  }

  /** Of what the editor shows, where it shows the file; else of what is saved. */
  ofFile(file: string): Promise<Outline> {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
    return document ? this.ofDocument(document) : this.service.ask('outline', { file });
  }
}
