/** Inputs of the failing programs: large, and wrong in one place. */

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const WORDS = 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore'.split(
  ' ',
);
const words = (count: number, from: number): string =>
  numbers(count)
    .map((i) => WORDS[(from * 7 + i * 3) % WORDS.length])
    .join(' ');

const prices = [
  'id,name,color,price,count,warehouse',
  ...numbers(300).map(
    (i) => `${i},article ${i},${WORDS[i % 9]},${i === 211 ? 'n/a' : (i * 1.25).toFixed(2)},${i % 7},W${i % 4}`,
  ),
].join('\n');

const log = numbers(400)
  .map((i) => {
    const at = new Date(1_700_000_000_000 + i * 1000).toISOString();
    return i === 287 ? `${at} [WARN] connection reset by peer` : `${at} [INFO] ${WORDS[i % 8]} took ${i % 90} ms`;
  })
  .join('\n');

const user = (i: number) => ({
  id: i,
  name: `User ${i}`,
  mail: `user${i}@example.com`,
  tags: numbers(i % 4).map((tag) => WORDS[tag + (i % 5)]),
  ...(i === 63
    ? {}
    : { address: { street: `Street ${i}`, city: `City ${i % 12}`, position: { lat: i / 10, lon: -i / 10 } } }),
});
const users = JSON.stringify({ version: 3, created: '2026-01-01', users: numbers(90).map(user) }, undefined, 2);

const service = (i: number) => ({
  image: `registry.example.com/team/service-${i}:1.${i}.0`,
  ports: [8000 + i, 9000 + i],
  settings: {
    ...(i === 17
      ? { extends: 'service-23' }
      : i === 23
        ? { extends: 'service-17' }
        : i > 0
          ? { extends: 'service-0' }
          : {}),
    timeout: 1000 + i,
    retries: { count: 3, backoff: { kind: 'exponential', first: 100, most: 5000 } },
    env: Object.fromEntries(numbers(4).map((n) => [`NAME_${n}`, words(2, i + n)])),
  },
});
const config = JSON.stringify(
  {
    services: Object.fromEntries(numbers(30).map((i) => [`service-${i}`, service(i)])),
    owners: numbers(20).map((i) => words(3, i)),
  },
  undefined,
  2,
);

interface Formula {
  readonly operator: string;
  readonly left: Formula | number | { readonly name: string };
  readonly right: Formula | number | { readonly name: string };
}
const formula = (depth: number, at: number): Formula | number | { readonly name: string } =>
  depth === 0
    ? at % 3 === 0
      ? { name: 'x' }
      : at % 10
    : {
        operator: depth === 2 && at === 21 ? '/' : '+-*'[(depth + at) % 3]!,
        left: formula(depth - 1, at * 2),
        right: formula(depth - 1, at * 2 + 1),
      };
const tree = JSON.stringify(formula(7, 0));

const events = numbers(150)
  .map((i) =>
    JSON.stringify({
      id: `event-${i}`,
      user: { name: `user ${i % 9}`, roles: ['reader', WORDS[i % 6]] },
      ...(i === 101 ? { refund: true } : { amount: { cents: i * 10, currency: 'EUR' } }),
    }),
  )
  .join('\n');

const template = [
  '<!doctype html>',
  '<html><head><title>{{title}}</title></head><body>',
  ...numbers(60).flatMap((i) => [
    `<section class="part-${i}">{{#section${i}}}`,
    `  <h2>{{title}} ${words(3, i)}</h2>`,
    `  <p>${words(8, i)} {{name}}</p>`,
    i === 41
      ? `  {{#items}}<li>{{item}}</li></section>{{/section${i}}}`
      : `  {{#items}}<li>{{item}}</li>{{/items}}</section>{{/section${i}}}`,
  ]),
  '</body></html>',
].join('\n');

const markdown = numbers(80)
  .map((i) => {
    const depth = i === 55 ? 5 : [1, 2, 3, 2, 3, 3][i % 6]!;
    return `${'#'.repeat(depth)} ${words(3, i)}\n\n${words(30, i)}\n\n- ${words(4, i)}\n- ${words(5, i + 1)}\n`;
  })
  .join('\n');

const posts: Readonly<Record<string, string>> = Object.fromEntries(
  numbers(40).map((i) => [
    `posts/post-${String(i).padStart(2, '0')}.md`,
    `title: Post ${i}\n${i === 27 ? 'draft' : 'date'}: 2026-01-${String((i % 28) + 1).padStart(2, '0')}\nauthor: ${WORDS[i % 7]}\n---\n${words(40, i)}\n`,
  ]),
);

const order = JSON.stringify({
  id: 'order-4711',
  customer: { name: 'Ann', address: { city: 'Springfield', lines: [words(3, 1), words(3, 2)] }, factor: 1.19 },
  items: numbers(45).map((i) => ({
    sku: `sku-${i}`,
    title: words(4, i),
    ...(i === 30 ? { gift: true } : { price: { amount: i * 100, currency: 'EUR' } }),
    discount: i % 5 === 0 ? { rate: 0.1, reason: words(2, i) } : null,
  })),
});

const status = numbers(200)
  .map((i) => `${i === 144 ? 'R' : 'MAD'[i % 3]}  src/${WORDS[i % 10]}/${WORDS[i % 13]}-${i}.ts`)
  .join('\n');

export const inputs = { prices, log, users, config, tree, events, template, markdown, posts, order, status } as const;
