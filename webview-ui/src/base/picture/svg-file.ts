/** A picture as an SVG file that stands alone: in colours of its own, to be pasted into an issue. */
import { round, TEXT, type Ink, type Mark, type Picture } from './picture.ts';

/** On white. */
const PALETTE: Readonly<Record<Ink, string>> = {
  text: '#1f2328',
  faint: '#59636e',
  link: '#0550ae',
  line: '#818b98',
  box: '#f6f8fa',
  accent: '#0969da',
  failure: '#cf222e',
  decision: '#9a6700',
  added: '#1a7f37',
  missing: '#cf222e',
  changed: '#9a6700',
  page: '#ffffff',
};

export function toSvgFile({ width, height, parts }: Picture, title: string): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${TEXT}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${w}" height="${h}" fill="${PALETTE.page}"/>`,
    ...parts.map(({ title: own, marks }) => {
      const inner = marks.map(markText).join('');
      return own === undefined ? inner : `<g><title>${escaped(own)}</title>${inner}</g>`;
    }),
    '</svg>\n',
  ].join('\n');
}

function markText(mark: Mark): string {
  switch (mark.kind) {
    case 'rect': {
      const { x, y, width, height, radius = 0 } = mark;
      return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"${paint(mark)}/>`;
    }
    case 'path':
      return `<path d="${mark.d}"${paint(mark)}/>`;
    case 'text': {
      const { x, y, text, ink, anchor = 'start', size, isBold, isStruck } = mark;
      return `<text x="${round(x)}" y="${round(y)}" fill="${PALETTE[ink]}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}${size === undefined ? '' : ` font-size="${size}"`}${isBold === true ? ' font-weight="600"' : ''}${isStruck === true ? ' text-decoration="line-through"' : ''} xml:space="preserve">${escaped(text)}</text>`;
    }
  }
}

function paint({ fill, stroke, isDashed, isThick }: Exclude<Mark, { kind: 'text' }>): string {
  const line =
    stroke === undefined
      ? ''
      : ` stroke="${PALETTE[stroke]}"${isThick === true ? ' stroke-width="2"' : ''}${isDashed === true ? ' stroke-dasharray="4 3"' : ''}`;
  return ` fill="${fill === undefined ? 'none' : PALETTE[fill]}"${line}`;
}

/** Characters that XML has no place for are left out. */
function escaped(text: string): string {
  return text
    .replaceAll(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
