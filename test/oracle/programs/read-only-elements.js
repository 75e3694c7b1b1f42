// elements of arrays and of `arguments` that are read-only or not enumerable
const a = [1, 2, 3];
Object.defineProperty(a, 1, { writable: false });
Object.defineProperty(a, 2, { enumerable: false });
a[2] = 'x';
console.log(a);
function al(x) { Object.defineProperty(arguments, 0, { writable: false }); x = 5; console.log(arguments[0], x); return arguments; }
console.log(al(1));
function mapped(a, b) {
  Object.defineProperty(arguments, '1', { writable: false });
  b = 'x';
  console.log(arguments[1], b);
  Object.defineProperty(arguments, '0', { enumerable: false });
  a = 'y';
  arguments[0] = 'z';
  console.log(arguments, a);
  return arguments;
}
mapped(1, 2);
