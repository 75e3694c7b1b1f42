/**
 * A step's round trip as a person sees it: from the click on a button, when the browser received it, until the page has
 * painted the first frame in which the stopped line is at another place.
 */
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

/**
 * From the time stamp of the next click. A message that is posted within a frame arrives when that frame was laid out, painted and
 * handed over: callbacks of the frame itself would run before or after the editor's own, as they come.
 */
function timeMove(page: Page): Promise<number> {
  return page.evaluate(
    (waitMs) =>
      new Promise<number>((resolve, reject) => {
        const place = (): string | undefined => {
          const marked = document.querySelector('.monaco-editor .view-overlays .debug-top-stack-frame-line');
          return marked?.parentElement?.style.top;
        };
        const before = place();
        let started = 0;
        const painted = new MessageChannel();
        const nextFrame = (): void => void requestAnimationFrame(() => painted.port2.postMessage(undefined));
        painted.port1.onmessage = (): void => {
          const now = place();
          const ms = performance.now() - started;
          if (now !== undefined && now !== before) resolve(ms);
          else if (ms > waitMs) reject(new Error('The stopped line did not move.'));
          else nextFrame();
        };
        const clicked = ({ timeStamp }: MouseEvent): void => {
          started = timeStamp;
          nextFrame();
        };
        document.addEventListener('click', clicked, { capture: true, once: true });
      }),
    WAIT_MS,
  );
}
