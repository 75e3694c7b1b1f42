/** What a release runs, by the options of a command. */
import path from 'node:path';
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import { text, texts, type Parsed } from '../options.ts';

/** `--folder DIR`: the build's files; `--build NAME`: what it is called; `--set NAME=VALUE`: settings. */
export function readImage(parsed: Parsed): Readonly<Record<string, unknown>> {
  const folder = text(parsed, 'folder');
  const settings = Object.fromEntries(
    texts(parsed, 'set').map((each) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(each) ?? [];
      if (name === undefined) throw usage(`--set takes NAME=VALUE, not ${each}.`);
      return [name, value];
    }),
  );
  if (folder === undefined && Object.keys(settings).length === 0) {
    throw usage('A release is another --folder, or another setting by --set NAME=VALUE.');
  }
  return {
    ...(folder === undefined ? {} : { folder: path.resolve(folder) }),
    ...(text(parsed, 'build') === undefined ? {} : { build: text(parsed, 'build') }),
    settings,
  };
}
