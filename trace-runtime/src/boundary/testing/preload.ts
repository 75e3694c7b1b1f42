/** Installs the boundary with a fake sink in a program under test, and writes what it logged as the program ends. */
import fs from 'node:fs';
import { installBoundary } from '../install.ts';
import { secretsOf } from '../../model/secret-names.ts';
import { fakeSink } from './fake-sink.ts';
import { FIRST_WORD, Slot } from '../../wire/words.ts';

const { appendFileSync } = fs;
const recording = process.env.BOUNDARY_TEST ?? '';
const sink = fakeSink(1 << 20);
const texts = new WeakMap<object, object>();
installBoundary(sink, {
  recording,
  secrets: secretsOf(process.env),
  hide: (wrapper, original) => texts.set(wrapper, original),
});
// As if recorded code were on the stack.
sink.words[Slot.progress] = 7;

const toText = Function.prototype.toString;
Function.prototype.toString = function () {
  return Reflect.apply(toText, texts.get(this) ?? this, []);
};

process.on('exit', () => {
  const words = Array.from(sink.words.slice(FIRST_WORD, sink.words[Slot.position]));
  const touched = sink.touched.map((bytes) => Buffer.from(bytes).toString('hex'));
  appendFileSync(
    `${recording}/out.jsonl`,
    `${JSON.stringify({ records: sink.records, ledger: sink.ledger, words, touched })}\n`,
  );
});
