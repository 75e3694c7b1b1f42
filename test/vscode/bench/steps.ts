/** A step's round trip as a person sees it: from the click on a button until the stopped line has moved on the screen. */
import type { Page } from 'playwright-core';
import type { DebugAction, Workbench } from '../e2e/workbench.ts';

const WAIT_MS = 20_000;

/** Each in milliseconds. A program stands in `fixtures/steps`, and every step of it is on another line. */
export async function measureSteps(
  workbench: Workbench,
  action: DebugAction,
  steps: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
    const timing = timeMove(workbench.page);
    await workbench.debugAction(action);
    times.push(await timing);
  }
  return times;
}

/** Starts with the next click, and ends with the first frame in which the marked line is at another place. */
function timeMove(page: Page): Promise<number> {
  return page.evaluate(
    (waitMs) =>
      new Promise<number>((resolve, reject) => {
        const place = (): string | undefined => {
          const marked = document.querySelector('.monaco-editor .view-overlays .debug-top-stack-frame-line');
          return marked?.parentElement?.style.top;
        };
        const before = place();
        document.addEventListener('click', clicked, { capture: true, once: true });
        function clicked(): void {
          const started = performance.now();
          const look = (): void => {
            const now = place();
            const ms = performance.now() - started;
            if (now !== undefined && now !== before) resolve(ms);
            else if (ms > waitMs) reject(new Error('The stopped line did not move.'));
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }
      }),
    WAIT_MS,
  );
}
