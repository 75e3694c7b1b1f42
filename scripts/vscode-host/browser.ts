/** The Chromium in which the workbench runs. */
import { findOnPath, isProgram } from './find-on-path.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Nothing in it asks other machines; `--no-sandbox`, because its sandbox refuses to start for root. */
export const browserArguments: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

/** The variable `HINDCAST_BROWSER` names one; else the usual names are looked for. */
export function findBrowser(): string {
  const named = process.env['HINDCAST_BROWSER'];
  if (named && !isProgram(named)) throw new Error(`HINDCAST_BROWSER names ${named}, which cannot be run.`);
  const found = named ?? names.map(findOnPath).find(Boolean) ?? applications.find(isProgram);
  if (found) return found;
  throw new Error(
    'No Chromium was found. Install one (on Debian: apt-get install chromium), or name it in HINDCAST_BROWSER.',
  );
}
