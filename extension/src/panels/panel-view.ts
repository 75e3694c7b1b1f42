/** The panels: webviews that draw what the debug adapter tells of the recording that is replayed. */
import * as vscode from 'vscode';
import { activeReplay } from '../replay/replayer.ts';
import type { ShownStops } from '../replay/shown-stops.ts';
import { expressionAtCursor, frameArguments, type VariableContext } from '../replay/travel-commands.ts';
import { EditorPanel } from './editor-panel.ts';
import { PanelPage, type PickRecording } from './panel-page.ts';
import { Proofs, type ProofParts } from './proofs.ts';
import { ReplayFollower } from './replay-follower.ts';
import { registerWhyQuestions } from './why-questions.ts';

/** Each panel's bundle, by its view. */
const PANELS = { 'hindcast.timeline': 'timeline', 'hindcast.calls': 'calls', 'hindcast.why': 'why' } as const;

export interface Panels {
  /** whether somebody sees in a panel what a rerun of that recording showed */
  isProofSeen(recording: string): boolean;
}

/** `onMade`: told of each view of a panel that is made. */
export function registerPanels(
  { extensionUri, subscriptions }: vscode.ExtensionContext,
  stops: ShownStops,
  pick: PickRecording,
  parts: ProofParts,
  onMade: (view: string) => void,
): Panels {
  const follower = new ReplayFollower(stops);
  const proofs = new Proofs(follower, parts);
  const folder = vscode.Uri.joinPath(extensionUri, 'webview-ui', 'dist');
  subscriptions.push(follower, proofs, registerWhyQuestions(follower));
  const pages: PanelPage[] = [];
  const pageOf = (bundle: string): PanelPage => {
    const page = new PanelPage(folder, bundle, follower, pick);
    if (bundle === PANELS['hindcast.why']) pages.push(page);
    return page;
  };
  for (const [view, bundle] of Object.entries(PANELS))
    subscriptions.push(
      vscode.window.registerWebviewViewProvider(view, new PanelView(pageOf(bundle), () => onMade(view)), {
        webviewOptions: { retainContextWhenHidden: true },
      }),
    );
  const open = new Set<vscode.WebviewPanel>();
  const beside = (bundle: string, title: string): EditorPanel =>
    new EditorPanel(pageOf(bundle), `hindcast.${bundle}`, title, open);
  const [sequence, why, objects] = [
    beside('sequence', 'Sequence Diagram'),
    beside('why', 'Why It Failed'),
    beside('objects', 'Object Graph'),
  ];
  subscriptions.push(
    sequence,
    why,
    objects,
    vscode.commands.registerCommand('hindcast.showSequence', () => sequence.show()),
    vscode.commands.registerCommand('hindcast.showWhy', () => why.show()),
    vscode.commands.registerCommand('hindcast.showObjects', (context?: VariableContext) =>
      showObjects(follower, objects, context),
    ),
  );
  return { isProofSeen: (recording) => proofs.shows(recording) && pages.some(({ isSeen }) => isSeen) };
}

/** Of a variable of the Variables view, else of what the cursor is on. */
async function showObjects(
  follower: ReplayFollower,
  panel: EditorPanel,
  { variable, container }: VariableContext = {},
): Promise<void> {
  const expression = variable ? variable.evaluateName : expressionAtCursor();
  if (!activeReplay() || (!variable && expression === undefined)) {
    const fault = activeReplay()
      ? 'Put the cursor on a variable or property first.'
      : 'No recording is being replayed.';
    void vscode.window.showInformationMessage(fault);
    return;
  }
  const named =
    variable && container?.variablesReference !== undefined
      ? { variablesReference: container.variablesReference, name: variable.name }
      : {};
  try {
    await follower.showObject({ ...named, ...(expression === undefined ? {} : { expression }), ...frameArguments() });
    await panel.show();
  } catch (error) {
    void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error));
  }
}

class PanelView implements vscode.WebviewViewProvider {
  constructor(
    private readonly page: PanelPage,
    private readonly onMade: () => void,
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    this.onMade();
    const subscription = this.page.fill(view.webview, view.onDidChangeVisibility, () => view.visible);
    view.onDidDispose(() => void subscription.dispose());
  }
}
