const parts = [];
const src = (async function* () { yield 1; await null; yield 2; await null; yield 3; })();
const gen = (async function* (source) { for await (const c of source) yield `<${c}>`; })(src);
await (async (source) => { for await (const c of source) parts.push(c); })(gen);
const gen2 = (async function* (source) { for await (const c of source) { 
  yield `<${c}>`; } })((async function* () { yield 1; yield 2; yield 3; })());
await (async (source) => { for await (const c of source) parts.push(c); })(gen2);
console.log(parts);
