// lastIndex of global and sticky expressions after replace, match, split, search, matchAll and their kin.
const g = /a/g, y = /b/y, gy = /c/gy;
function use(text) {
  g.lastIndex = 2;
  const one = text.replace(g, 'X');
  const at1 = g.lastIndex;
  y.lastIndex = 1;
  const two = text.replace(y, (m) => m + y.lastIndex);
  const at2 = y.lastIndex;
  gy.lastIndex = 3;
  const three = text.match(gy);
  g.lastIndex = 1;
  const four = [...text.matchAll(g)].length;
  const at4 = g.lastIndex;
  y.lastIndex = 1;
  const five = text.search(y);
  const six = text.split(g);
  y.lastIndex = 1;
  const seven = text.match(y);
  const at7 = y.lastIndex;
  const eight = text.replaceAll(g, '');
  g.test(text);
  return [one, at1, two, at2, three, four, at4, five, six, seven, at7, eight, g.lastIndex];
}
const holder = { re: /d/g };
holder.re.exec('xdd');
const mid = holder.re.lastIndex;
'dd'.replace(holder.re, () => '');
console.log(use('abcabc'), use('baacb'), mid, holder.re.lastIndex);
