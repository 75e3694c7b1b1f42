class S extends EventTarget { #s = 1; get s() { return this.#s; } }
class T extends EventTarget { go() { const k = 1; return k; } }
const s = new S(), t = new T();
const first = [s.s, t.go()];
s.addEventListener('x', () => { const q = 1; });
t.addEventListener('x', () => { const q = 2; });
const second = [s.s, t.go()];
for (const y of [s, t]) y.dispatchEvent(new Event('x'));
console.log(first, second);
