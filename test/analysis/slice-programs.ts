/** Programs made at random for slices: many kinds of statements, in parts of which some have nothing to do with each other. */
import { Random } from '../support/random.ts';

const GROUPS = ['a', 'b', 'c', 'd', 'e'];

/** Each statement that can be altered stands on a line of its own; `answer` is what is asked about. */
export function sliceProgram(seed: number): string {
  const random = new Random(seed);
  const lines: string[] = [];
  let used = 0;
  const fresh = (): string => `t${used++}`;
  const number = (): string => String(random.between(1, 9));

  for (const g of GROUPS) {
    lines.push(`let ${g} = ${number()};`);
    lines.push(`const ${g}List = [${number()}, ${number()}, ${number()}];`);
    lines.push(`const ${g}Box = { n: ${number()}, inner: { m: ${number()} }, list: [] };`);
    lines.push(`function ${g}Early(x) {`, `if (x % ${random.between(2, 4)} === 0) {`, `return x + ${number()};`, '}');
    lines.push(`${g}Box.n += ${number()};`, `return x * 2;`, '}');
    lines.push(`class ${g.toUpperCase()}Count {`, 'constructor(start) {', 'this.at = start;', '}', 'next(by) {');
    lines.push('this.at += by;', 'return this.at;', '}', '}');
    lines.push(`const ${g}Count = new ${g.toUpperCase()}Count(${number()});`);
    lines.push(`const ${g}Add = (x, y = ${number()}) => {`, `const sum = x + y;`, 'return sum;', '};');
  }

  const value = (g: string): string =>
    random.pick([
      g,
      `${g}Box.n`,
      `${g}Box.inner.m`,
      `${g}List[${random.below(3)}]`,
      `${g}List.length`,
      `${g} + ${number()}`,
      `${g}Early(${g})`,
      `${g}Count.next(${number()})`,
      `${g}Add(${g}Box.n)`,
      `${g}Add(${g}List[0], ${number()})`,
      `${g}List.reduce((x, y) => x + y, 0)`,
      `${g}List.map((x) => x * 2).filter((x) => x > ${number()}).length`,
      `[...${g}List, ${number()}].length`,
      `Math.max(${g}, ...${g}List)`,
      `({ ...${g}Box }).n`,
      `(${g} > ${number()} ? ${g}Box.n : ${g}Early(3))`,
      `\`\${${g}}x\${${g}Box.n}\`.length`,
      `JSON.stringify(${g}Box).length`,
      `(${g}Box.none?.m ?? ${number()})`,
    ]);

  const statement = (g: string, depth: number): void => {
    const [x, y] = [fresh(), fresh()];
    switch (random.below(depth > 0 ? 17 : 9)) {
      case 0:
      case 1:
        return void lines.push(`${g} = ${value(g)};`);
      case 2:
        return void lines.push(`${g}Box.n = ${value(g)};`);
      case 3:
        return void lines.push(`${g}Box.inner.m += ${value(g)};`);
      case 4:
        return void lines.push(`${g}List.push(${value(g)});`);
      case 5:
        return void lines.push(`${g}List[${random.below(4)}] = ${value(g)};`);
      case 6:
        return void lines.push(`const { n: ${x}, inner: { m: ${y} } } = ${g}Box;`, `${g} = ${x} - ${y};`);
      case 7:
        return void lines.push(`${g}Count.next(${value(g)});`);
      case 8:
        return void lines.push(`${g}Box.list.push(${value(g)});`, `${g}Box.n = ${g}Box.list.length;`);
      case 9:
      case 10:
        lines.push(`if (${value(g)} % ${random.between(2, 4)} === 0) {`);
        body(g, depth - 1);
        if (random.percent(60)) {
          lines.push('} else {');
          body(g, depth - 1);
        }
        return void lines.push('}');
      case 11:
        lines.push(`for (let ${x} = 0; ${x} < ${random.between(2, 5)}; ${x}++) {`);
        if (random.percent(40)) lines.push(`if (${value(g)} % 3 === 1) {`, random.pick(['break;', 'continue;']), '}');
        body(g, depth - 1);
        return void lines.push('}');
      case 12:
        lines.push(`for (const ${x} of ${g}List.slice(0, 4)) {`, `${g} += ${x};`);
        body(g, depth - 1);
        return void lines.push('}');
      case 13:
        lines.push(`switch (${value(g)} % 3) {`, 'case 0:');
        body(g, depth - 1);
        lines.push('break;', 'case 1:');
        body(g, depth - 1);
        return void lines.push('}');
      case 14:
        lines.push('try {', `if (${value(g)} % 2 === 0) {`, `throw new Error('even');`, '}');
        body(g, depth - 1);
        lines.push('} catch {', `${g} = ${value(g)};`);
        return void lines.push('}');
      case 15:
        lines.push(`${g}List.slice(0, 3).forEach((${x}) => {`, `${g}Box.n += ${x};`);
        return void lines.push('});');
      default:
        lines.push(`const ${x} = () => {`, `${g} += ${number()};`, `return ${value(g)};`, '};');
        return void lines.push(`${g}Box.n = ${x}() + ${number()};`);
    }
  };
  const body = (g: string, depth: number): void => {
    for (let i = random.between(1, 2); i > 0; i--) statement(g, depth);
  };

  for (let i = 0; i < 26; i++) statement(random.pick(GROUPS), 2);
  // now and then one part takes something from another
  const [one, other] = [random.pick(GROUPS), random.pick(GROUPS)];
  lines.push(`${one} = ${value(other)};`);
  for (let i = 0; i < 6; i++) statement(random.pick(GROUPS), 1);
  const g = random.pick(GROUPS);
  lines.push(
    `let answer = ${random.pick([g, `${g}Box.n`, `${g}List.length`, `${g}List[1]`, `${g}Count.at`, `${g}Box.inner.m`])};`,
  );
  return `${lines.join('\n')}\nvoid 0; // here\n`;
}
