/**
 * Programs made at random, of which it is known what they do: a second form of each prints every line that it comes to
 * and every value that it makes. Two places can be altered: a number in the source, and an argument of the program.
 */
import vm from 'node:vm';
import { Random } from '../support/random.ts';

/** A line is about to run, or a name got a value on a line. */
export interface Step {
  readonly line: number;
  readonly name?: string | undefined;
  readonly value?: unknown;
}

export interface RandomProgram {
  /** as it is recorded; `altered`: with another number in one statement */
  source(altered: boolean): string;
  /** what it does, for its arguments */
  trace(altered: boolean, args: readonly string[]): readonly Step[];
  readonly args: readonly string[];
}

const VARIABLES = ['p', 'q', 'r', 's'];
const ARGUMENTS = 3;

class Writer {
  private readonly lines: { readonly plain: string; readonly traced: string }[] = [];
  /** numbers in the source: by index, their two values */
  readonly numbers: (readonly [number, number])[] = [];
  private used = 0;

  constructor(
    readonly random: Random,
    readonly functions: string[],
  ) {}

  get line(): number {
    return this.lines.length + 1;
  }

  add(plain: string, traced = plain): void {
    this.lines.push({ plain, traced });
  }

  /** A number of the source that may be altered. */
  number(least: number, most: number): string {
    const value = this.random.between(least, most);
    this.numbers.push([value, value + 1]);
    return `@${this.numbers.length - 1}@`;
  }

  argument(): string | undefined {
    return this.used < ARGUMENTS ? `Number(process.argv[${2 + this.used++}])` : undefined;
  }

  expression(): string {
    const { random } = this;
    const name = random.pick(VARIABLES);
    const other = random.pick([...VARIABLES, 'box.n', 'list.length']);
    return random.pick([
      `${name} + ${this.number(1, 9)}`,
      `${name} * ${this.number(2, 4)} % 1000`,
      `${name} - ${other}`,
      `Math.abs(${name} % ${this.number(5, 40)})`,
      `(list[${this.number(0, 1)}] ?? 0) + ${other}`,
    ]);
  }

  text(isTraced: boolean, altered: number): string {
    const text = this.lines.map(({ plain, traced }) => (isTraced ? traced : plain)).join('\n');
    return text.replaceAll(/@(\d+)@/g, (_, index: string) => {
      const [value, other] = this.numbers[Number(index)]!;
      return String(Number(index) === altered ? other : value);
    });
  }
}

/** Equal seeds make equal programs. */
export function randomProgram(seed: number): RandomProgram {
  const random = new Random(seed);
  const writer = new Writer(random, []);
  const L = (line: number): string => `T(${line});`;
  const W = (line: number, name: string, value: string): string => ` T(${line}, '${name}', ${value});`;
  const assign = (name: string, value: string): void => {
    const { line } = writer;
    writer.add(`${name} = ${value};`, `${L(line)} ${name} = ${value};${W(line, name, name)}`);
  };

  const statement = (depth: number, called: readonly string[]): void => {
    const { line } = writer;
    const choice = random.below(depth > 0 ? 10 : 6);
    if (choice < 3) return assign(random.pick(VARIABLES), writer.expression());
    if (choice === 3) return assign('box.n', writer.expression());
    if (choice === 4) {
      const value = writer.expression();
      return writer.add(`list.push(${value});`, `${L(line)} list.push(${value});${W(line, 'list', 'list.at(-1)')}`);
    }
    if (choice === 5) {
      const argument = writer.argument();
      return assign(random.pick(VARIABLES), argument ?? writer.expression());
    }
    if (choice < 8) {
      const test = `${random.pick(VARIABLES)} % ${writer.number(2, 4)} === ${random.below(2)}`;
      writer.add(`if (${test}) {`, `${L(line)} if (${test}) {`);
      statements(random.between(1, 2), depth - 1, called);
      if (random.percent(50)) {
        writer.add('} else {');
        statements(random.between(1, 2), depth - 1, called);
      }
      return writer.add('}');
    }
    if (choice === 8 || called.length === 0) {
      const name = `i${line}`;
      const test = `${name} < Math.abs(${random.pick(VARIABLES)} % ${writer.number(3, 5)})`;
      writer.add(
        `for (let ${name} = 0; ${test}; ${name}++) {`,
        `${L(line)} for (let ${name} = 0; T(${line}), ${test}; ${name}++) {`,
      );
      statements(random.between(1, 2), depth - 1, called);
      return writer.add('}');
    }
    return assign(random.pick(VARIABLES), `${random.pick(called)}(${random.pick(VARIABLES)}, ${writer.expression()})`);
  };
  const statements = (count: number, depth: number, called: readonly string[]): void => {
    for (let i = 0; i < count; i++) statement(depth, called);
  };

  for (const name of VARIABLES) {
    const { line } = writer;
    const value = writer.number(1, 50);
    writer.add(`let ${name} = ${value};`, `${L(line)} let ${name} = ${value};${W(line, name, name)}`);
  }
  writer.add('const box = { n: 1 }, list = [];');
  const functions: string[] = [];
  for (const name of ['f', 'g', 'h'].slice(0, random.between(1, 3))) {
    const { line } = writer;
    writer.add(
      `function ${name}(p, q) {`,
      `function ${name}(p, q) {${W(line, `p of ${name}`, 'p')}${W(line, `q of ${name}`, 'q')}`,
    );
    statements(random.between(2, 4), 2, functions.slice());
    const end = writer.line;
    const value = writer.expression();
    writer.add(`return ${value};`, `${L(end)} return T(${end}, '${name} returns', ${value});`);
    writer.add('}');
    functions.push(name);
  }
  statements(random.between(8, 14), 3, functions);
  for (let argument = writer.argument(); argument !== undefined; argument = writer.argument()) assign('p', argument);
  statements(3, 2, functions);
  const altered = random.below(writer.numbers.length);
  return {
    args: Array.from({ length: ARGUMENTS }, () => String(random.between(1, 60))),
    source: (isAltered) => writer.text(false, isAltered ? altered : -1),
    trace(isAltered, args) {
      const steps: Step[] = [];
      const T = (line: number, name?: string, value?: unknown): unknown => {
        steps.push({ line, name, value });
        return value;
      };
      vm.runInNewContext(writer.text(true, isAltered ? altered : -1), { T, process: { argv: ['', '', ...args] } });
      return steps;
    },
  };
}
