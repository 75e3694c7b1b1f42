/** What child processes wrote, as inputs that can be made smaller. Recorded Node programs run again and are none. */
import { readFileSync } from 'node:fs';
import type { ChildRun } from '../../model/recorded-world.ts';
import type { PreparedRerun, RunInputs } from '../prepare.ts';
import type { BytesPart, Input } from './inputs.ts';

export function childInputs(prepared: PreparedRerun): readonly Input[] {
  return prepared.inputs.children.flatMap((child, at): Input[] => {
    if (child.again) return [];
    const parts = child.outcome ? outcomeParts(child.outcome, at) : scriptParts(prepared, child, at);
    return [...parts].map(([stream, part]) => ({
      kind: 'child',
      name: `${stream} of ${commandOf(child)}`,
      bytes: (inputs) => part.read(inputs) ?? Buffer.alloc(0),
      lists: () => [],
      parts: () => [part],
    }));
  });
}

function commandOf({ key }: ChildRun): string {
  const [file, args] = JSON.parse(key) as readonly [unknown, unknown];
  const words = Array.isArray(args) ? (args as readonly unknown[]).map(String) : [];
  // spawn's first argument is the name that the child sees
  const rest = words[0] === file ? words.slice(1) : words;
  return [String(file), ...rest].join(' ');
}

type Named = readonly [stream: 'stdout' | 'stderr', part: BytesPart];

function outcomeParts(outcome: NonNullable<ChildRun['outcome']>, at: number): readonly Named[] {
  const streams = (['stdout', 'stderr'] as const).filter((stream) => outcome[stream] !== undefined);
  return streams.map((stream): Named => [
    stream,
    {
      read: ({ children }) => Buffer.from(children[at]!.outcome?.[stream] ?? '', 'base64'),
      write: (inputs, bytes) =>
        withChild(inputs, at, (child) => ({
          ...child,
          outcome: { ...child.outcome!, [stream]: bytes.toString('base64') },
        })),
    },
  ]);
}

const WRITES = /^cat '([^']+)'( >&2)?$/;

/** The lines of a script that write to one stream: the first writes all, where it is another one. */
function scriptParts({ contents }: PreparedRerun, { script }: ChildRun, at: number): readonly Named[] {
  return (['stdout', 'stderr'] as const).flatMap((stream): Named[] => {
    const isOwn = (line: string): boolean => {
      const found = WRITES.exec(line);
      return found !== null && (found[2] === undefined) === (stream === 'stdout');
    };
    if (!script.split('\n').some(isOwn)) return [];
    const read = ({ children }: RunInputs): Buffer => {
      const own = children[at]!.script.split('\n').filter(isOwn);
      return Buffer.concat(own.map((line) => readFileSync(WRITES.exec(line)![1]!)));
    };
    const write = (inputs: RunInputs, bytes: Buffer): RunInputs =>
      withChild(inputs, at, (child) => {
        const lines = child.script.split('\n');
        const first = lines.findIndex(isOwn);
        const all = `cat '${contents.file(bytes)}'${stream === 'stderr' ? ' >&2' : ''}`;
        return {
          ...child,
          script: lines
            .with(first, all)
            .filter((line, index) => index <= first || !isOwn(line))
            .join('\n'),
        };
      });
    return [[stream, { read, write }]];
  });
}

function withChild(inputs: RunInputs, at: number, change: (child: ChildRun) => ChildRun): RunInputs {
  return { ...inputs, children: inputs.children.with(at, change(inputs.children[at]!)) };
}
