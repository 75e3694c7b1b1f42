'use strict';
// A JSON parser written by hand, checked against JSON.parse, errors with line and column.
function parse(text) {
  let at = 0;
  let depth = 0;
  const stats = { objects: 0, arrays: 0, deepest: 0 };
  const fail = (message) => {
    const before = text.slice(0, at).split('\n');
    throw new SyntaxError(`${message} at ${before.length}:${before.at(-1).length + 1}`);
  };
  const space = () => {
    while (' \n\r\t'.includes(text[at] ?? 'x')) at++;
  };
  const expect = (char) => {
    space();
    if (text[at] !== char) fail(`expected ${char}`);
    at++;
  };
  function string() {
    let out = '';
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length) fail('unterminated string');
      if (text[at] !== '\\') {
        out += text[at];
        continue;
      }
      const escape = text[++at];
      if (escape === 'u') {
        out += String.fromCharCode(parseInt(text.slice(at + 1, at + 5), 16));
        at += 4;
      } else out += { n: '\n', t: '\t', '"': '"', '\\': '\\' }[escape] ?? fail(`bad escape ${escape}`);
    }
    at++;
    return out;
  }
  function list(close, item) {
    at++;
    stats.deepest = Math.max(stats.deepest, ++depth);
    space();
    if (text[at] !== close) {
      do item();
      while ((space(), text[at] === ',' && ++at));
    }
    expect(close);
    depth--;
  }
  function value() {
    space();
    const char = text[at];
    if (char === '{') {
      const object = {};
      stats.objects++;
      list('}', () => {
        space();
        const key = string();
        expect(':');
        object[key] = value();
      });
      return object;
    }
    if (char === '[') {
      const array = [];
      stats.arrays++;
      list(']', () => array.push(value()));
      return array;
    }
    if (char === '"') return string();
    const [word] = /^(true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?)/.exec(text.slice(at)) ?? [fail('unexpected token')];
    at += word.length;
    return word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : Number(word);
  }
  const result = value();
  space();
  if (at < text.length) fail('trailing text');
  return { result, stats };
}
const good = '{ "a": [1, -2.5e3, {"b\\n": "\\u00e9\\t"}], "c": {"d": [], "e": [[true, null]]}, "z": -0 }';
const { result, stats } = parse(good);
const same = JSON.stringify(result) === JSON.stringify(JSON.parse(good));
const errors = ['{"a": 1', '[1,\n 2,\n x]', '"abc', '[1] 2', '{"a" 1}'].map((text) => {
  try {
    return parse(text);
  } catch (error) {
    return error.message;
  }
});
console.log(same, stats, result, errors);
