/** The parts that turn values into words, wired together for one thread. */
import { createEmitters, controlOf, type Emitters } from './emitters.ts';
import { createIntrinsics, type Intrinsics } from './intrinsics.ts';
import { createKinds, type Kinds } from './kinds.ts';
import { createContents, type Contents } from './object-contents.ts';
import { createObjects, type Objects, type ObjectParts } from './objects.ts';
import { createFlowHash, type FlowHash, type FlowListeners } from './flow-hash.ts';
import { createParsedJson, type ParsedJson } from './parsed-json.ts';
import { Register, createRegisters } from './registers.ts';
import { createNewborns, type Newborns } from './newborns.ts';
import { createResizedBuffers, type ResizedBuffers } from './resized-buffers.ts';
import { createRetained, type Retained } from './retained.ts';
import { createRoom, type Room } from './room.ts';
import { createSecrets, type Secret, type Secrets } from './secrets.ts';
import { createSharedMemory } from './shared-memory.ts';
import { createStackTexts, type StackTexts } from './stack-texts.ts';
import { createSubclassedArrays, type SubclassedArrays } from './subclassed-arrays.ts';
import { createSlices, type Slices } from './slices.ts';
import { createStackOverflows, type StackOverflows } from './stack-overflows.ts';
import { createStrings, type Strings } from './strings.ts';
import { createTicks, type Ticks } from './ticks.ts';
import type { Transport } from './transport.ts';
import { createValueSamples, type ValueSamples } from './value-samples.ts';
import { createValues, type SlowObjects, type Values } from './values.ts';
import { Runtime, Slot } from '../wire/words.ts';

export interface Core {
  readonly words: Int32Array;
  readonly registers: Int32Array;
  readonly room: Room;
  readonly secrets: Secrets;
  readonly stackTexts: StackTexts;
  readonly slices: Slices;
  readonly resized: ResizedBuffers;
  readonly strings: Strings;
  readonly intrinsics: Intrinsics;
  readonly kinds: Kinds;
  readonly objects: Objects;
  readonly contents: Contents;
  readonly values: Values;
  readonly parsedJson: ParsedJson;
  readonly ticks: Ticks;
  readonly flowHash: FlowHash;
  readonly overflows: StackOverflows;
  readonly valueSamples: ValueSamples;
  readonly newborns: Newborns;
  readonly subclassedArrays: SubclassedArrays;
  readonly retained: Retained;
  readonly emitters: Emitters;
  /** Runtime.bytes, where the buffer is known */
  emitBytes(buffer: ArrayBufferLike, offset: number, length: number): void;
  /** `note` is called at a tick after values were not captured for want of stack. */
  onShallow(note: () => void): void;
}

export function createCore(
  transport: Transport,
  secretList: readonly Secret[],
  builtinModules: readonly string[],
  stackTexts: StackTexts = createStackTexts(),
  listeners?: FlowListeners,
  level: 'light' | 'full' = 'full',
): Core {
  const words = transport.words;
  const registers = createRegisters();
  const room = createRoom(transport, registers);
  const secrets = createSecrets(secretList);
  const strings = createStrings(words, registers, room, secrets);
  const intrinsics = createIntrinsics(builtinModules, level === 'light');
  const kinds = createKinds(intrinsics);
  const late: { values: Values | undefined; objects: Objects | undefined; note: () => void } = {
    values: undefined,
    objects: undefined,
    note: () => {},
  };
  const slices = createSlices();
  const subclassedArrays = createSubclassedArrays();
  const sharedMemory = createSharedMemory(registers);
  const resized = createResizedBuffers();
  const retained = createRetained();
  const parts: ObjectParts = {
    words,
    registers,
    room,
    intrinsics,
    kinds,
    secrets,
    slices,
    subclassedArrays,
    stackTexts,
    sharedMemory,
    resized,
    values: () => late.values as Values,
  };
  const objects = createObjects(parts);
  const slow: SlowObjects = { putObject: objects.putObject };
  const values = createValues(words, registers, room, strings, slow);
  late.values = values;
  const contents = createContents({ ...parts, head: (position) => position, isKnown: () => false });
  const newborns = createNewborns({ words, registers, room, kinds, values });
  const valueSamples = createValueSamples(words);
  const overflows = createStackOverflows(words, room, stackTexts.repair);
  const flowHash = createFlowHash(words, room, valueSamples, overflows, listeners);
  const ticks = createTicks(transport, registers, room, values, flowHash, {
    shallow: () => late.note(),
    release: retained.letGo,
    shared: () => sharedMemory.look(emitBytes, (buffer) => resized.changed(buffer, anew)),
    began: overflows.begin,
  });
  const parsedJson = createParsedJson({ words, registers, room, strings, values });
  const emitters = createEmitters({ words, room, values, strings, objects });

  room.onRepair(() => {
    strings.forget();
    newborns.forget();
    values.forgetSymbols();
    words[Slot.position] = objects.finish(words[Slot.position]!);
  });

  stackTexts.onMade((object, text) => {
    // in the middle of a definition there is no room for a record; nothing asks for a stack there
    if (registers[Register.defining] === 0) emitters.mutate(Runtime.set, object, 'stack', text);
  });

  function anew(object: object): void {
    if (values.wordOf(object) !== 0) emitters.redefine(object);
  }

  function emitBytes(buffer: ArrayBufferLike, offset: number, length: number): void {
    if (values.wordOf(buffer) === 0) return;
    let next = room.begin(words[Slot.position]!);
    words[next] = controlOf(Runtime.bytes);
    words[next + 1] = words[Slot.progress]! << 1;
    next = values.put(next + 2, buffer);
    words[next] = offset << 1;
    words[next + 1] = length << 1;
    words[Slot.position] = contents.putBytes(next + 2, buffer, offset, length);
  }

  return {
    words,
    registers,
    room,
    secrets,
    slices,
    resized,
    stackTexts,
    strings,
    intrinsics,
    kinds,
    objects,
    contents,
    values,
    parsedJson,
    ticks,
    flowHash,
    overflows,
    valueSamples,
    newborns,
    subclassedArrays,
    retained,
    emitters,
    emitBytes,
    onShallow(note) {
      late.note = note;
    },
  };
}
