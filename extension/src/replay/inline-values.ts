/** Values at the ends of lines while a replay stands, each with what it becomes next. */
import * as vscode from 'vscode';
import { activeReplay } from './replayer.ts';
import type { MessageLines } from '../testing/message-lines.ts';
import type { ShownStops } from './shown-stops.ts';

interface InlineValue {
  /** lines above the one where the replay stands */
  readonly line: number;
  readonly name: string;
  readonly value: string;
  readonly next?: { readonly value: string; readonly line: number };
}

export const LANGUAGES = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'];

const LINES = 40;

/** Steps that follow each other fast go before: drawing the values costs more than the step. A test's message keeps its line. */
export function registerInlineValues(stops: ShownStops, messages: MessageLines): vscode.Disposable {
  return vscode.languages.registerInlineValuesProvider(LANGUAGES, {
    async provideInlineValues(document, viewport, { frameId, stoppedLocation }, token) {
      const session = activeReplay();
      if (!session || !(await stops.isCalm()) || token.isCancellationRequested) return [];
      const last = stoppedLocation.end.line;
      const first = Math.max(0, viewport.start.line, last - LINES + 1);
      const lines: string[] = [];
      for (let at = first; at <= Math.min(last, document.lineCount - 1); at++) lines.push(document.lineAt(at).text);
      const body = (await session
        .customRequest('inlineValues', { frameId, lines })
        .then(undefined, () => undefined)) as { readonly values: readonly InlineValue[] } | undefined;
      if (!body || token.isCancellationRequested) return [];
      const free = body.values.filter(({ line }) => !messages.has(document.uri, last - line));
      return free.map(({ line, name, value, next }) => {
        const at = last - line;
        const column = document.lineAt(at).text.search(wordPattern(name));
        const range = new vscode.Range(at, Math.max(0, column), at, Math.max(0, column) + name.length);
        const later = next ? ` → ${next.value} (line ${next.line})` : '';
        // before its declaration it has none
        const now = value.startsWith('‹not yet') && later ? '' : ` = ${value}`;
        return new vscode.InlineValueText(range, `${name}${now}${later}`);
      });
    },
  });
}

function wordPattern(name: string): RegExp {
  return new RegExp(`(?<![\\p{ID_Continue}$.])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`, 'u');
}
