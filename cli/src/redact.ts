/** Secrets on a command line: values of variables that are secret by name never reach a file. */
import { secretsOf } from '../../trace-runtime/src/model/secret-names.ts';

export function redactArguments(args: readonly string[], environment: NodeJS.ProcessEnv): readonly string[] {
  const secrets = secretsOf(environment);
  return args.map((arg) => secrets.reduce((text, { name, value }) => text.replaceAll(value, `[secret ${name}]`), arg));
}
