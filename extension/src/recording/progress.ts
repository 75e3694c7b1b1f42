/** Work that the user can follow and cancel. */
import * as vscode from 'vscode';

/** What is done sooner shows no progress. */
export const QUICK_MS = 2000;

/** Runs something that the user can follow and cancel in a notification, if it takes long. */
export async function whileShown<T>(
  title: string,
  run: (report: (message: string) => void, cancelled: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  let shown: vscode.Progress<{ message?: string }> | undefined;
  const running = run((message) => shown?.report({ message }), source.token);
  const show = (): void =>
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, cancelled) => {
        shown = progress;
        cancelled.onCancellationRequested(() => source.cancel());
        return running.then(undefined, () => undefined);
      },
    );
  const timer = setTimeout(show, QUICK_MS);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
