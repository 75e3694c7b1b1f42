/** Without what colours it in a terminal: runners and assertions write their messages so. */
export function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(/\u001b\[[\d;]*m/g, '') : text;
}
