/** Lines behind which the editor shows what a test failed with: it lies over whatever else stands there. */
import type * as vscode from 'vscode';

export class MessageLines {
  private readonly lines = new Map<string, string>();

  /** `message`: of the test's last result; undefined where that has none. */
  set({ id, uri, range }: vscode.TestItem, message: vscode.TestMessage | undefined): void {
    const place = message?.location ?? (uri && range && { uri, range });
    if (message && place) this.lines.set(id, keyOf(place.uri, place.range.start.line));
    else this.lines.delete(id);
  }

  /** `line`: from 0. */
  has(uri: vscode.Uri, line: number): boolean {
    const key = keyOf(uri, line);
    return [...this.lines.values()].includes(key);
  }
}

function keyOf(uri: vscode.Uri, line: number): string {
  return `${uri.toString()} ${line}`;
}
