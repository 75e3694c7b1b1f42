/** The answer as Markdown, to be pasted into an issue. */
import type {
  PlaceAnswer,
  SuspectsAnswer,
  WhyAnswer,
  WhyLineAnswer,
} from '../../../trace-runtime/src/model/why-answers.ts';

export function toMarkdown(why: WhyAnswer | WhyLineAnswer, suspects: SuspectsAnswer | undefined): string {
  const { title, sentence, place, hops, decisions } = why;
  const lines = [`## ${plain(title)}`, '', `${plain(sentence)}${place ? ` (${code(placeText(place))})` : ''}.`];
  if (hops.length > 0) lines.push('', '### Where it came from', '');
  hops.toReversed().forEach((hop, i) => {
    lines.push(
      `${i + 1}. ${code(hop.value ? `${hop.text} = ${hop.value}` : hop.text)} at ${code(placeText(hop))}: ${plain(hop.what)}`,
    );
    for (const { text, value } of hop.inputs) lines.push(`   - ${code(`${text} = ${value}`)}`);
  });
  if (decisions.length > 0) lines.push('', '### What decided', '');
  for (const each of decisions) lines.push(`- ${plain(each.sentence)} ${code(placeText(each))}`);
  if ('callers' in why && why.callers.length > 0) {
    lines.push('', '### Who could have called it', '');
    for (const { text, count, ...each } of why.callers)
      lines.push(`- ${code(placeText(each))} ${code(text)}: ${count === 0 ? 'did not run' : `ran ${count} times`}`);
  }
  if (suspects !== undefined && suspects.suspects.length > 0) {
    lines.push('', '### Suspects', '', 'No rerun of the program has confirmed one.', '');
    suspects.suspects.forEach((each, i) =>
      lines.push(`${i + 1}. ${code(placeText(each))} ${code(each.text)}: ${suspectText(each.sentence)}`),
    );
    if (suspects.fault !== null) lines.push('', `Changes of the program were not tried: ${plain(suspects.fault)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** `cart.js:12` */
export function placeText({ name, line }: PlaceAnswer): string {
  return line === 0 ? name : `${name}:${line}`;
}

/** Between backticks, more of them than the text has in a row. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** With nothing in it that Markdown takes for more than text. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]#|~]/g, '\\$&').replaceAll(/\s+/g, ' ');
}

/** Suspects' sentences name code between backticks. */
function suspectText(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : plain(part)))
    .join('');
}
