/** Secrets on a command line: values of variables that are secret by name never reach a file. */
const SECRET_NAMES =
  /(^|_)(secret|token|password|passwd|passphrase|pwd|credentials?|api_?key|access_?key|private_?key|auth|session_?key|cookie|dsn|connection_?string)(_|$)/i;
const SHORTEST = 6;

export function redactArguments(args: readonly string[], environment: NodeJS.ProcessEnv): readonly string[] {
  const secrets = Object.entries(environment).filter(
    (entry): entry is [string, string] => SECRET_NAMES.test(entry[0]) && (entry[1]?.length ?? 0) >= SHORTEST,
  );
  return args.map((arg) => secrets.reduce((text, [name, value]) => text.replaceAll(value, `[secret ${name}]`), arg));
}
