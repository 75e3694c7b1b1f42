/**
 * The text of `stack`. V8 makes it at the first look, from what the error's name and message are then; so the recorder
 * never looks first. It learns of a text when Node makes it (stack-traces.ts), and tells the recording then.
 */
import { OwnWeakMap } from './primordials.ts';

export interface StackTexts {
  /** the text, where V8 has made it and nobody replaced it through the recorder's builtins since */
  textOf(object: object): string | undefined;
  /** V8 has just made the text. */
  made(object: object, text: string): void;
  /** Error.captureStackTrace gave the object a new `stack`, not made yet. */
  captured(object: object): void;
  /** Gives an error its message as it would be without Hindcast, before anybody has read it. */
  repair(error: object): void;
  /** `tell` is called after `made`; one at a time. */
  onMade(tell: (object: object, text: string) => void): void;
}

export function createStackTexts(repair: (error: object) => void = () => {}): StackTexts {
  const texts = new OwnWeakMap<object, string>();
  const listener: { tell: (object: object, text: string) => void } = { tell: () => {} };

  return {
    textOf: (object) => texts.get(object),
    made(object, text) {
      texts.set(object, text);
      listener.tell(object, text);
    },
    repair,
    captured: (object) => void texts.delete(object),
    onMade(tell) {
      listener.tell = tell;
    },
  };
}
