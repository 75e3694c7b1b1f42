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
