const tries = (globalThis.brokenTries ??= []);
tries.push(tries.length);
function refuse(reason) {
  throw new Error(`broken: ${reason}`);
}
let state = { ready: false };
refuse(tries.length);
state = { ready: true };
