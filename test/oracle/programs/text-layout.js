'use strict';
// Word wrap, columns and a tiny Markdown renderer: string work with state machines.
function wrap(text, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += (line && ' ') + word;
  }
  return line ? [...lines, line] : lines;
}
const inline = [
  [/\*\*(.+?)\*\*/g, (_, text) => `<b>${text}</b>`],
  [/_(.+?)_/g, '<i>$1</i>'],
  [/\[(.+?)\]\((.+?)\)/g, (_, label, url) => `<a href="${encodeURI(url)}">${label}</a>`],
];
function render(source) {
  const out = [];
  let list = null;
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) out.push(`<p>${paragraph.join(' ')}</p>`);
    paragraph = [];
    if (list) out.push(`<ul>${list.map((item) => `<li>${item}</li>`).join('')}</ul>`);
    list = null;
  };
  for (const raw of source.split('\n')) {
    const line = inline.reduce((text, [pattern, to]) => text.replace(pattern, to), raw.trim());
    const heading = /^(#+)\s+(.*)/.exec(line);
    if (heading) {
      flush();
      const [, { length: level }, title] = heading;
      out.push(`<h${level}>${title}</h${level}>`);
    } else if (line.startsWith('- ')) {
      if (paragraph.length) flush();
      (list ??= []).push(line.slice(2));
    } else if (line === '') flush();
    else paragraph.push(line);
  }
  flush();
  return out;
}
function table(rows) {
  const widths = rows.reduce((max, row) => row.map((cell, i) => Math.max(max[i] ?? 0, String(cell).length)), []);
  return rows.map((row) => row.map((cell, i) => (i ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i]))).join(' | '));
}
const wrapped = wrap('the quick brown fox jumps over the lazy dog and runs away', 16);
const html = render('# Title\nsome **bold** and _slanted_\ntext\n\n- one\n- [two](http://x y)\n## End\nlast');
const rows = table([['name', 'n'], ...wrapped.map((line, i) => [line, (i + 1) ** 3])]);
const longest = html.reduce((a, b) => (a.length >= b.length ? a : b));
console.log(wrapped, html, rows, longest.length);
