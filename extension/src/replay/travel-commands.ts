/** Commands that move a replay: backward into and out of calls, to a moment, to where a value came from or changes. */
import * as vscode from 'vscode';
import { activeReplay } from './replayer.ts';

/** What VS Code hands to a command in the Variables view. */
export interface VariableContext {
  readonly container?: { readonly variablesReference?: number };
  readonly variable?: { readonly name: string; readonly evaluateName?: string };
}

type Direction = 'origin' | 'previous' | 'next';

const CHANGES: readonly (readonly [string, Direction])[] = [
  ['hindcast.goToOrigin', 'origin'],
  ['hindcast.goToPreviousChange', 'previous'],
  ['hindcast.goToNextChange', 'next'],
];

export function registerTravel(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('hindcast.reverseInto', () => move('reverseInto')),
    vscode.commands.registerCommand('hindcast.reverseOut', () => move('reverseOut')),
    vscode.commands.registerCommand('hindcast.goToMoment', (moment?: unknown) => goToMoment(moment)),
    vscode.commands.registerCommand('hindcast.markWrong', markWrong),
    ...CHANGES.map(([command, direction]) =>
      vscode.commands.registerCommand(command, (context?: VariableContext) => goToChange(direction, context)),
    ),
  );
}

function move(request: string): Promise<boolean> {
  const { activeStackItem } = vscode.debug;
  return send(request, { threadId: activeStackItem?.threadId ?? 1 });
}

async function goToMoment(given: unknown): Promise<void> {
  const moment =
    typeof given === 'string'
      ? given
      : await vscode.window.showInputBox({
          title: 'Go to moment',
          prompt: 'A moment as Hindcast prints it: STREAM:NUMBER, or STREAM:end',
          placeHolder: '1:4411',
          validateInput: (text) =>
            /^(?:\d+:)?(?:\d+|end)$/.test(text.trim()) ? undefined : 'A moment is like 1:4411.',
        });
  if (moment !== undefined) await send('goToMoment', { moment: moment.trim() });
}

async function goToChange(direction: Direction, context: VariableContext | undefined): Promise<unknown> {
  const { variable, container } = context ?? {};
  if (variable && container?.variablesReference !== undefined)
    return send('goToChange', { direction, variablesReference: container.variablesReference, name: variable.name });
  const expression = expressionAtCursor();
  if (expression === undefined) {
    void vscode.window.showInformationMessage('Put the cursor on a variable or property first.');
    return undefined;
  }
  return send('goToChange', { direction, expression, ...frameArguments() });
}

/** Asks what the value should be: from then on that is a failure of the recording. */
async function markWrong(context?: VariableContext): Promise<void> {
  const { variable, container } = context ?? {};
  const expression = variable ? (variable.evaluateName ?? variable.name) : expressionAtCursor();
  if (expression === undefined) {
    void vscode.window.showInformationMessage('Put the cursor on a variable or property first.');
    return;
  }
  const expected = await vscode.window.showInputBox({
    title: `${expression} is wrong here`,
    prompt: `${expression} should be …`,
    placeHolder: 'A value or an expression, as 850, "paid" or price * count',
    validateInput: (text) => (text.trim() ? undefined : 'Say what it should be.'),
  });
  if (expected === undefined) return;
  const asked =
    variable && container?.variablesReference !== undefined
      ? { variablesReference: container.variablesReference, name: variable.name, expression }
      : { expression, ...frameArguments() };
  if (await send('markWrong', { ...asked, expected })) {
    void vscode.commands.executeCommand('hindcast.refresh');
    // why it is so is shown there
    void vscode.commands.executeCommand('hindcast.why.focus');
    void vscode.window.showInformationMessage(
      `Marked: ${expression} should be ${expected}. It is a failure of this recording now.`,
    );
  }
}

/** The frame that the user looks at. */
export function frameArguments(): { readonly frameId?: number } {
  const { activeStackItem } = vscode.debug;
  return activeStackItem && 'frameId' in activeStackItem ? { frameId: activeStackItem.frameId } : {};
}

/** The selection, or the variable or member path that the cursor is on. */
export function expressionAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { document, selection } = editor;
  if (!selection.isEmpty) return document.getText(selection);
  return expressionAt(document, selection.active);
}

const PATH = /[\p{ID_Start}$_#][\p{ID_Continue}$]*(?:\??\.#?[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+\])*/gu;

/** What looks like a name and can be none. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof let new null return static super switch throw true try typeof undefined var void ' +
    'while with yield'
  ).split(' '),
);

/** The member path up to and with the name at the position: `a.b` where one is on `b` of `a.b.c`. */
export function expressionAt(document: vscode.TextDocument, { line, character }: vscode.Position): string | undefined {
  for (const match of document.lineAt(line).text.matchAll(PATH)) {
    const [path] = match;
    if (WORDS.has(path)) continue;
    const at = character - match.index;
    if (at < 0 || at > path.length) continue;
    const rest = path.slice(at).search(/[.?[\]]/);
    const end = rest < 0 ? path.length : at + rest + (path[at + rest] === ']' ? 1 : 0);
    return path.slice(0, Math.max(end, 1)).replaceAll('?.', '.');
  }
  return undefined;
}

/** Whether it was done; where not, the user was told why. */
async function send(request: string, args: Readonly<Record<string, unknown>>): Promise<boolean> {
  const session = activeReplay();
  if (!session) {
    void vscode.window.showInformationMessage('No recording is being replayed. Open one from the Hindcast view.');
    return false;
  }
  try {
    await session.customRequest(request, args);
    return true;
  } catch (error) {
    void vscode.window.showInformationMessage(error instanceof Error ? error.message : String(error));
    return false;
  }
}
