import type { InspectedProgram, Paused, RemoteObject } from './inspector.ts';

/** V8's answer to an expression whose value is a string, or the first line of what it threw. */
export type Answer = { readonly expression: string } & ({ readonly text: string } | { readonly threw: string });

/** Evaluates in the innermost frame of a pause. What V8 thinks could change the program is not answered. */
export async function evaluate(
  program: InspectedProgram,
  { callFrames }: Paused,
  expressions: readonly string[],
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const expression of expressions) {
    const { result, exceptionDetails } = (await program.send('Debugger.evaluateOnCallFrame', {
      callFrameId: callFrames[0]?.callFrameId,
      expression,
      throwOnSideEffect: true,
      returnByValue: true,
      silent: true,
    })) as { readonly result: RemoteObject; readonly exceptionDetails?: { readonly exception?: RemoteObject } };
    const threw = exceptionDetails?.exception?.description?.split('\n')[0];
    if (exceptionDetails === undefined && typeof result.value === 'string')
      answers.push({ expression, text: result.value });
    else if (threw !== undefined && !threw.includes('side-effect')) answers.push({ expression, threw });
  }
  return answers;
}
