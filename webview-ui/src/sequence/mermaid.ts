/** A page of a sequence diagram as Markdown with a mermaid diagram, to be pasted into an issue. */
import type { SequenceAnswer } from '../../../trace-runtime/src/model/sequence-answers.ts';
import { otherText, textOf } from './sequence-layout.ts';

export function toMermaid({ lifelines, rows }: SequenceAnswer): string {
  const lines = ['```mermaid', 'sequenceDiagram'];
  lifelines.forEach(({ name, kind }, i) =>
    lines.push(`  participant l${i} as ${plain(kind === 'loop' ? `${name} (event loop)` : name)}`),
  );
  for (const row of rows) {
    const { from, to, kind, other } = row;
    const head = kind === 'return' ? '-->>' : kind === 'start' ? '-)' : '->>';
    const text = plain(textOf(row, row.text));
    lines.push(`  l${from}${head}l${to}: ${text}${other ? ` (${plain(otherText(row, other))})` : ''}`);
  }
  return `${lines.join('\n')}\n\`\`\`\n`;
}

/** Characters that end a message or begin something else have their numbers. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[#;<>`{}%]/g, (each) => `#${each.codePointAt(0)};`)
    .trim();
}
