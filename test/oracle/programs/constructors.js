// Functions and classes as constructors, called with and without new, on prototypes of all kinds.
function Node(type, start) { this.type = type; this.start = start; this.end = 0; }
Node.prototype.finish = function (end) { this.end = end; return this; };
class Base { constructor(a) { this.a = a; } }
class Field { f = this.make(); make() { return 3; } constructor(b) { this.b = b; } }
class Derived extends Base { constructor(a) { super(a); this.c = 1; } }
class Kid extends Node { constructor(t) { super(t, 1); this.k = t; } }
function Err(m) { this.message = m; }
Err.prototype = Object.create(Error.prototype); Err.prototype.constructor = Err;
function Old(x) { if (!(this instanceof Old)) return new Old(x); this.x = x; }
function Bare() { this.z = 1; } Bare.prototype = null;
const made = [];
for (let i = 0; i < 4; i++) {
  made.push(new Node('n' + i, i).finish(i), new Base(i), new Field(i), new Derived(i), new Err('m' + i), Old(i), new Bare(), Reflect.construct(Node, ['r', i], Array));
  made.push(Object.create(Base.prototype)); Node.call({ other: i }, 'called', i);
}
made.push(new Base(9));
console.log(made.length, made.at(-1));
