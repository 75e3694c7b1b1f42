/** The environment that VS Code, its extension host and the user's programs in it get. */
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What belongs to a VS Code, a package manager or a Node around this process, and not to the one that is started. */
const foreign = /^(?:VSCODE_|ELECTRON_|CODE_SERVER_|XDG_|npm_|HINDCAST_REPOSITORY$|INIT_CWD$|NODE$|NODE_OPTIONS$)/i;

/**
 * The caller's environment without the above, with a home and a folder for temporary files of its own, no gallery, and `own`
 * on top. The PATH keeps the user's Node: only what npm put in front of it for a script is taken out.
 */
export function serverEnvironment(home: string, temporary: string, own: Environment = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: userPath(process.env['PATH'] ?? ''),
    HOME: home,
    // VS Code's sockets are made there too, and only Linux's usual path is short enough for one.
    ...(process.platform === 'linux' ? { TMPDIR: temporary } : {}),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...own,
  };
}

/** The same for a desktop VS Code, which keeps the user's home and session. */
export function desktopEnvironment(own: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('XDG_') || !foreign.test(name));
  return { ...Object.fromEntries(kept), PATH: userPath(process.env['PATH'] ?? ''), ...own };
}

function userPath(all: string): string {
  const fromNpm = new RegExp(`node_modules\\${path.sep}(?:\\.bin|.*\\${path.sep}node-gyp-bin)$`);
  return all
    .split(path.delimiter)
    .filter((folder) => !fromNpm.test(folder))
    .join(path.delimiter);
}
