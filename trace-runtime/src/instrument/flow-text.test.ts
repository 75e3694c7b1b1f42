import vm from 'node:vm';
import { expect, test } from 'vitest';
import { Random } from '../../../test/support/random.ts';
import { LANE_A, LANE_B, Slot } from '../wire/words.ts';
import { instrument } from './instrument.ts';

type Bits = () => boolean;

/** A function of random branches, loops, jumps and exceptions that says each block it comes to. */
class Flow {
  private blocks = 0;
  private left = 14;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  text(): string {
    return `({ f() { ${this.list(0, false)} } }).f();`;
  }

  private list(depth: number, inLoop: boolean): string {
    return Array.from({ length: this.random.between(1, 3) }, () => this.statement(depth, inLoop)).join(' ');
  }

  private block(depth: number, inLoop: boolean): string {
    this.blocks += 1;
    return `{ at(${this.blocks}); ${this.list(depth + 1, inLoop)} }`;
  }

  private statement(depth: number, inLoop: boolean): string {
    this.left -= 1;
    if (this.left < 0 || depth > 4) return ';';
    const inner = (loop = inLoop) => this.block(depth, loop);
    const kinds = [
      () => `if (bit()) ${inner()}`,
      () => `if (bit()) ${inner()} else ${inner()}`,
      () => `if (bit()) ${inner()} else if (bit()) ${inner()} else ${inner()}`,
      () => `while (bit()) ${inner(true)}`,
      () => `do ${inner(true)} while (bit());`,
      () => `for (const each of [1, 2, 3]) ${inner(true)}`,
      () => `switch (Number(bit()) + 2 * Number(bit())) { case 0: at('a${this.left}'); ${this.list(depth + 1, inLoop)}
        case 1: at('b${this.left}'); break; case 2: at('c${this.left}'); default: at('d${this.left}'); }`,
      () =>
        `try { ${this.list(depth + 1, inLoop)} if (bit()) { throw at('thrown'); } } catch ${inner()} finally ${inner()}`,
      () => `{ const own = 1; (() => own)(); ${this.list(depth + 1, inLoop)} }`,
      () => `if (bit()) { at('out${this.left}'); ${inLoop ? this.random.pick(['break', 'continue']) : 'return'}; }`,
    ];
    return this.random.pick(kinds)();
  }
}

/** What its activations came to, at level light, and the blocks that it said. */
function runner(source: string): (bit: Bits) => { readonly hash: string; readonly way: string } {
  const words = new Int32Array(16);
  const hooks = {
    __hcA: words,
    __hck(hash: number) {
      words[Slot.hashA] = Math.imul(words[Slot.hashA]!, LANE_A) + hash;
      words[Slot.hashB] = Math.imul(words[Slot.hashB]!, LANE_B) + hash;
    },
    __hcq: () => words[Slot.progress],
    __hcp: () => words[Slot.progress],
    __hcr(hash: number, c: number) {
      hooks.__hck(hash);
      words[Slot.progress] = c;
    },
    __hci: () => undefined,
    __hco: () => undefined,
  };
  const { code } = instrument(source, { fileName: 'a.js', level: 'steps', goal: 'function' }).light;
  const text = code.replace(/\u0001([\da-f]{9})/g, '0x$1');
  const run = vm.runInNewContext(`(function (${Object.keys(hooks).join()}, bit, at) {${text}\n})`) as (
    ...given: readonly unknown[]
  ) => void;
  return (bit) => {
    words.fill(0);
    const said: unknown[] = [];
    run(...Object.values(hooks), bit, (block: unknown) => void said.push(block));
    return { hash: `${words[Slot.hashA]} ${words[Slot.hashB]}`, way: said.join() };
  };
}

test('runs that go the same way have the same hash, and others have not', () => {
  let ways = 0;
  for (let seed = 1; seed <= 150; seed++) {
    const random = new Random(seed);
    const run = runner(new Flow(random).text());
    const hashes = new Map<string, string>();
    for (let i = 0; i < 150; i++) {
      let asked = 0;
      const share = random.between(15, 70);
      const { hash, way } = run(() => ++asked < 200 && random.percent(share));
      expect(hashes.get(way) ?? hash).toBe(hash);
      hashes.set(way, hash);
    }
    expect(new Set(hashes.values()).size).toBe(hashes.size);
    ways += hashes.size;
  }
  expect(ways).toBeGreaterThan(3000);
});

test('a file has the same numbers whatever build instruments it', () => {
  const source = 'if (a) b();';
  const [one, other] = ['1', '2'].map((hash) =>
    instrument(source, { fileName: 'a.js', level: 'steps', goal: 'function', hash }),
  );
  expect(one!.light.code).toBe(other!.light.code);
});
