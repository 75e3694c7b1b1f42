/** Which environment variables hold secrets. Their values are in no file of a recording. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

export const SECRET_NAMES: readonly RegExp[] = [
  /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|CREDENTIAL|PRIVATE|ACCESS_?KEY|SESSION_?KEY|CONNECTION_?STRING/i,
  /(?:^|_)(?:PWD|DSN|AUTH|COOKIE|BEARER)$/i,
];

/** Shorter values occur everywhere by chance. */
const SHORTEST = 6;
/** Never secret: where the shell is, and files and sockets whose contents are what matters. */
const PUBLIC = new Set(['PWD', 'OLDPWD']);
const COMMON = new Set(['disabled', 'enabled']);

/** The secrets of an environment, longest first. `names` are what the user adds, or has instead. */
export function secretsOf(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly RegExp[] = SECRET_NAMES,
): readonly Secret[] {
  const found: Secret[] = [];
  for (const name of Object.keys(environment)) {
    const value = environment[name];
    if (!value || value.length < SHORTEST || PUBLIC.has(name) || COMMON.has(value.toLowerCase())) continue;
    if (names.some((pattern) => pattern.test(name))) found.push({ name, value });
  }
  return found.sort((a, b) => b.value.length - a.value.length);
}

/** What stands in a text where a secret was. */
export const secretReference = (name: string): string => `«redacted:${name}»`;

/** A base64 core shorter than this would occur by chance. */
const SHORTEST_CORE = 10;

/**
 * The secrets, and each in the forms that programs give it: escaped in JSON, in a URL, and inside base64 at each of the
 * three alignments. Longest first.
 */
export function withForms(secrets: readonly Secret[]): readonly Secret[] {
  const all = secrets.flatMap(({ name, value }) => [...formsOf(value)].map((form) => ({ name, value: form })));
  return all.sort((a, b) => b.value.length - a.value.length);
}

function formsOf(value: string): ReadonlySet<string> {
  const forms = new Set([value, JSON.stringify(value).slice(1, -1)]);
  try {
    forms.add(encodeURIComponent(value)).add(encodeURI(value));
  } catch {
    // A lone surrogate has no form in a URL.
  }
  for (let before = 0; before < 3; before++) {
    const core = base64Core(value, before);
    if (core.length < SHORTEST_CORE) continue;
    forms.add(core).add(core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

/** The part of the base64 text that depends on the value alone, where that many bytes (mod 3) come before it. */
function base64Core(value: string, before: number): string {
  let bytes = '\0'.repeat(before);
  for (const byte of new TextEncoder().encode(value)) bytes += String.fromCharCode(byte);
  return btoa(bytes).slice(before === 0 ? 0 : 4, Math.floor(bytes.length / 3) * 4);
}
