// An activation that is suspended in the middle of what it returns, yields, awaits or goes over.
const wait = (value) => new Promise((resolve) => setImmediate(resolve, value));

async function returned(value) {
  return { first: await wait(value), second: [await wait(value + 1)] };
}

async function nested(value) {
  return (await returned(await wait(value))).second[await wait(0)];
}

async function* made(count) {
  for (let i = 0; i < count; i++) yield await returned(await wait(i));
}

async function* passedOn(count) {
  yield* await wait(made(count));
}

async function main() {
  const seen = [];
  for await (const { first } of await wait(passedOn(await wait(3)))) seen.push(first);
  seen.push(await nested(await nested(4)));
  return seen;
}

main().then((seen) => console.log(seen.join(' ')));
