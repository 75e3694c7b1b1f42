/**
 * Runs inside the inspected program, stopped at a pause: it walks from the given roots through own property descriptors
 * and internal slots, and returns what changed since its last walk. It calls no getter, no trap and nothing that the
 * program may have replaced. Kept free of references to this module: its text is evaluated in the program.
 */
export function createWalker(types: Record<string, (value: unknown) => boolean>) {
  const { apply, ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { defineProperty: defineOwn, deleteProperty: deleteOwn } = Reflect;
  const { isFrozen, isSealed, isExtensible } = Object;
  const { stringify } = JSON;
  const uncurry =
    (method: (...args: never[]) => unknown) =>
    (self: unknown, ...args: unknown[]): unknown =>
      apply(method, self, args);
  const getter = (prototype: object, key: PropertyKey) =>
    uncurry(getOwnPropertyDescriptor(prototype, key)?.get as () => unknown);
  const mapForEach = uncurry(Map.prototype.forEach);
  const setForEach = uncurry(Set.prototype.forEach);
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const weakGet = uncurry(WeakMap.prototype.get);
  const weakSet = uncurry(WeakMap.prototype.set);
  const dateTime = uncurry(Date.prototype.getTime);
  const regexpSource = getter(RegExp.prototype, 'source');
  const regexpFlags = getter(RegExp.prototype, 'flags');
  const symbolDescription = getter(Symbol.prototype, 'description');
  const typedPrototype = getPrototypeOf(Uint8Array.prototype) as object;
  const typedTag = getter(typedPrototype, Symbol.toStringTag);
  const typedBuffer = getter(typedPrototype, 'buffer');
  const typedOffset = getter(typedPrototype, 'byteOffset');
  const typedLength = getter(typedPrototype, 'length');
  const typedBytes = getter(typedPrototype, 'byteLength');
  const viewBuffer = getter(DataView.prototype, 'buffer');
  const viewOffset = getter(DataView.prototype, 'byteOffset');
  const viewLength = getter(DataView.prototype, 'byteLength');
  const plainLength = getter(ArrayBuffer.prototype, 'byteLength');
  const sharedLength = getter(SharedArrayBuffer.prototype, 'byteLength');
  const bytesLength = (buffer: unknown): unknown =>
    types['isSharedArrayBuffer']?.(buffer) ? sharedLength(buffer) : plainLength(buffer);
  const numberToString = uncurry(Number.prototype.toString);
  const boxes = [Number, String, Boolean, Symbol, BigInt].map((box) => uncurry(box.prototype.valueOf));
  const Bytes = Uint8Array;
  const NewMap = Map;
  const BigIntText = uncurry(BigInt.prototype.toString);
  const stringSlice = uncurry(String.prototype.slice);
  const arrayPush = uncurry(Array.prototype.push);
  const functionText = uncurry(Function.prototype.toString);

  const NewError = Error;
  const nativeStack = getOwnPropertyDescriptor(new NewError(), 'stack')?.get;
  const stackHook = { value: undefined as PropertyDescriptor | undefined, set: false };
  const refuse = (): never => {
    throw undefined;
  };

  const ids = new WeakMap();
  const symbols = new Map();
  const intrinsics = new Map();
  const sent = new Map();
  /** functions that are no classes, and had no private fields */
  const plain = new WeakMap();
  let lastId = 0;
  let lastSymbol = 0;
  let slots = new NewMap();

  const idOf = (object: object): number => {
    let id = weakGet(ids, object) as number | undefined;
    if (id === undefined) weakSet(ids, object, (id = ++lastId));
    return id;
  };

  function findIntrinsics(root: object, rootName = 'globalThis'): void {
    const queue: [object, string][] = [[root, rootName]];
    for (let at = 0; at < queue.length; at++) {
      const [object, path] = queue[at] as [object, string];
      const known = intrinsics.get(object) as string | undefined;
      if (known === undefined || known.length < 2000)
        intrinsics.set(object, known === undefined ? path : `${known} ${path}`);
      if (known !== undefined || types['isProxy']?.(object)) continue;
      const add = (value: unknown, name: string) => {
        if ((typeof value === 'object' && value !== null) || typeof value === 'function') queue.push([value, name]);
      };
      const base = path === 'globalThis' ? '' : `${path}.`;
      add(getPrototypeOf(object), `${base}__proto__`);
      for (const key of ownKeys(object)) {
        if (path === 'process' && (key === 'mainModule' || key === 'env' || key === 'argv')) continue;
        const name = base + (typeof key === 'symbol' ? `@@${key.description}` : key);
        const found = getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
        add(found.value, name);
        add(found.get, `${name}.get`);
        add(found.set, `${name}.set`);
      }
    }
  }

  const uninitialised = Symbol('uninitialised');
  let queue: unknown[] = [];
  let seen = new NewMap();
  function value(v: unknown, depth: number): object {
    switch (typeof v) {
      case 'undefined':
        return { t: 'undefined' };
      case 'boolean':
        return { t: 'boolean', v };
      case 'number':
        return { t: 'number', v: v !== v || v === 1 / 0 || v === -1 / 0 ? `${v}` : v === 0 && 1 / v < 0 ? '-0' : v };
      case 'string':
        return { t: 'string', v };
      case 'bigint':
        return { t: 'bigint', v: BigIntText(v) };
      case 'symbol': {
        if (v === uninitialised) return { t: 'uninitialised' };
        let id = mapGet(symbols, v) as number | undefined;
        if (id === undefined) mapSet(symbols, v, (id = ++lastSymbol));
        return { t: 'symbol', id, v: symbolDescription(v) ?? '' };
      }
      default: {
        if (v === null) return { t: 'null' };
        const known = mapGet(seen, v) as number | undefined;
        if (known === undefined) {
          mapSet(seen, v, depth);
          if (depth > 0) arrayPush(queue, v, depth);
        }
        return { t: 'object', id: idOf(v as object) };
      }
    }
  }

  function className(object: object): string {
    // What made it, by its prototype: the `prototype` of a class is no instance of that class.
    if (types['isProxy']?.(object)) return '';
    for (let at: object | null = getPrototypeOf(object); at !== null; at = getPrototypeOf(at)) {
      if (types['isProxy']?.(at)) return '';
      const found = getOwnPropertyDescriptor(at, 'constructor');
      if (typeof found?.value !== 'function' || types['isProxy']?.(found.value)) {
        const tag = mapGet(intrinsics, at) ? getOwnPropertyDescriptor(at, Symbol.toStringTag)?.value : undefined;
        if (typeof tag === 'string') return tag;
        continue;
      }
      const name = getOwnPropertyDescriptor(found.value, 'name');
      if (typeof name?.value === 'string' && name.value !== '') return name.value;
    }
    return '';
  }

  /** A `stack` that V8 gives an object is a value, and none while nobody has looked at it: looking would fix its text. */
  function stackOf(object: object): PropertyDescriptor | undefined {
    const unread = { enumerable: false, configurable: true, writable: true };
    let found;
    try {
      found = getOwnPropertyDescriptor(object, 'stack');
      if (found?.get === undefined || found.get !== nativeStack) return found;
      return { value: apply(found.get as () => unknown, object, []), ...unread };
    } catch {
      return unread;
    }
  }

  function isOwnText(stack: PropertyDescriptor | undefined): boolean {
    return stack !== undefined && !stack.enumerable && stack.get === undefined && stack.set === undefined;
  }

  function hex(buffer: unknown, offset: number, length: number): string {
    // a buffer that was given away cannot be looked at
    if (length === 0) return '';
    const bytes = new Bytes(buffer as ArrayBuffer, offset, length);
    let text = '';
    for (let i = 0; i < length; i++) {
      text += stringSlice(numberToString(256 + (bytes[i] as number), 16), 1) as string;
    }
    return text;
  }

  function kindOf(object: object): string {
    const is = (name: string) => types[name]?.(object) === true;
    if (is('isProxy')) return 'proxy';
    if (typeof object === 'function') return 'function';
    if (Array.isArray(object)) return 'array';
    if (is('isNativeError')) return 'error';
    if (is('isMap')) return 'map';
    if (is('isSet')) return 'set';
    if (is('isDate')) return 'date';
    if (is('isRegExp')) return 'regexp';
    if (is('isBoxedPrimitive')) return 'boxed';
    if (is('isTypedArray')) return 'typedArray';
    if (is('isDataView')) return 'dataView';
    if (is('isAnyArrayBuffer')) return 'arrayBuffer';
    if (is('isPromise')) return 'promise';
    if (is('isWeakMap') || is('isWeakSet')) return 'weak';
    if (is('isArgumentsObject')) return 'arguments';
    if (is('isModuleNamespaceObject')) return 'namespace';
    if (is('isGeneratorObject')) return 'generator';
    return 'plain';
  }

  function describe(object: object, depth: number): object {
    const paths = mapGet(intrinsics, object) as string | undefined;
    const kind = kindOf(object);
    const d = depth - 1;
    if (paths !== undefined) {
      return {
        kind: 'intrinsic',
        className: kind,
        prototype: { t: 'undefined' },
        level: 0,
        properties: [],
        text: paths,
      };
    }
    const result: Record<string, unknown> = {
      kind,
      className: '',
      prototype: { t: 'undefined' },
      level: 0,
      properties: [],
    };
    const extra = mapGet(slots, object) as [string, unknown][] | undefined;
    if (kind === 'proxy') {
      result['elements'] = extra ? [value(extra[0]?.[1], d), value(extra[1]?.[1], d)] : [];
      result['properties'] = extra ? privates(extra.slice(2), d) : [];
      return result;
    }
    result['className'] = className(object);
    result['prototype'] = value(getPrototypeOf(object), d);
    result['level'] = isFrozen(object) ? 3 : isSealed(object) ? 2 : isExtensible(object) ? 0 : 1;
    const properties: object[] = [];
    let keys = ownKeys(object);
    if (kind === 'array' || kind === 'arguments') {
      const length = (getOwnPropertyDescriptor(object, 'length')?.value ?? 0) as number;
      result['numbers'] = [length];
      if (length <= 1_000_000) {
        const elements: object[] = [];
        const isElement = (key: string): boolean => {
          const index = Number(key);
          if (!(index >= 0 && index < length && `${index >>> 0}` === key)) return false;
          return 'value' in (getOwnPropertyDescriptor(object, key) as object);
        };
        for (let i = 0; i < length; i++) {
          const found = getOwnPropertyDescriptor(object, i);
          arrayPush(elements, found && 'value' in found ? value(found.value, d) : { t: 'hole' });
        }
        result['elements'] = elements;
        keys = keys.filter((key) => typeof key === 'symbol' || !isElement(key));
      }
    } else if (kind === 'typedArray') {
      keys = keys.slice(typedLength(object) as number);
      const buffer = typedBuffer(object) as ArrayBuffer;
      result['className'] = `${typedTag(object)} ${className(object)}`;
      result['numbers'] = [typedOffset(object), typedLength(object), bytesLength(buffer)];
      result['text'] = hex(buffer, typedOffset(object) as number, typedBytes(object) as number);
      result['inner'] = value(buffer, d);
    } else if (kind === 'dataView') {
      const buffer = viewBuffer(object);
      // of a buffer that was given away they throw
      result['numbers'] = bytesLength(buffer) === 0 ? [0, 0] : [viewOffset(object), viewLength(object)];
      result['inner'] = value(buffer, d);
    } else if (kind === 'arrayBuffer') {
      result['text'] = hex(object, 0, bytesLength(object) as number);
    } else if (kind === 'map' || kind === 'set') {
      const elements: object[] = [];
      if (kind === 'map') mapForEach(object, (v: unknown, k: unknown) => arrayPush(elements, value(k, d), value(v, d)));
      else setForEach(object, (v: unknown) => arrayPush(elements, value(v, d)));
      result['elements'] = elements;
    } else if (kind === 'date') {
      result['numbers'] = [`${dateTime(object)}`];
    } else if (kind === 'regexp') {
      result['text'] = `/${regexpSource(object)}/${regexpFlags(object)}`;
    } else if (kind === 'error') {
      const stack = stackOf(object);
      if (stack === undefined) result['text'] = '';
      else if (!('value' in stack)) result['unread'] = isOwnText(stack);
      else if (typeof stack.value === 'string') result['text'] = stack.value;
    } else if (kind === 'function') {
      const name = getOwnPropertyDescriptor(object, 'name');
      result['text'] = typeof name?.value === 'string' ? name.value : '';
    } else if (kind === 'boxed') {
      for (const unbox of boxes) {
        try {
          result['inner'] = value(unbox(object), d);
          break;
        } catch {}
      }
      if ((result['inner'] as { t?: string } | undefined)?.t === 'string')
        keys = keys.filter((key) => !(Number(key as string) >= 0));
    }
    const skipped =
      kind === 'function'
        ? ['length', 'name', 'arguments', 'caller']
        : kind === 'array' || kind === 'boxed'
          ? ['length']
          : kind === 'error' && isOwnText(stackOf(object))
            ? ['stack']
            : kind === 'arguments'
              ? ['length', 'callee', Symbol.iterator]
              : [];
    for (const key of keys) {
      if (skipped.includes(key)) continue;
      const found = key === 'stack' ? stackOf(object) : getOwnPropertyDescriptor(object, key);
      if (found === undefined) continue;
      const attributes = (found.writable ? 1 : 0) | (found.enumerable ? 2 : 0) | (found.configurable ? 4 : 0);
      const property: Record<string, unknown> = { key: value(key, d), attributes };
      if ('value' in found) property['value'] = value(found.value, d);
      else if (isOwnText(found)) property['value'] = { t: 'opaque', v: 'unread' };
      else {
        property['get'] = value(found.get, d);
        property['set'] = value(found.set, d);
      }
      arrayPush(properties, property);
    }
    if (extra) arrayPush(properties, ...privates(extra, d));
    result['properties'] = properties;
    return result;
  }

  const isClass = (object: object): boolean => stringSlice(functionText(object), 0, 5) === 'class';

  function privates(fields: [string, unknown][], depth: number): object[] {
    return fields.map(([key, v]) => ({ key: { t: 'string', v: key }, value: value(v, depth), attributes: 7 }));
  }

  let wanting: object[] = [];
  return {
    findIntrinsics,
    uninitialised,
    /** Until `unguard`, whoever asks for the text of a stack that was not made yet gets none, and it stays unmade. */
    guard(): void {
      if (stackHook.set) return;
      stackHook.value = getOwnPropertyDescriptor(NewError, 'prepareStackTrace');
      stackHook.set = defineOwn(NewError, 'prepareStackTrace', { value: refuse, configurable: true, writable: true });
    },
    unguard(): void {
      if (!stackHook.set) return;
      stackHook.set = false;
      if (stackHook.value) defineOwn(NewError, 'prepareStackTrace', stackHook.value);
      else deleteOwn(NewError, 'prepareStackTrace');
    },
    /** Objects of the last walk whose private fields or internal slots must be fetched through the inspector. */
    wanting: () => wanting,
    /** Starts a pause: forgets what was fetched at the one before. */
    begin: () => void (slots = new NewMap()),
    /** `given`: each object, followed by its values */
    supply: (keysOfAll: string[][], given: unknown[]) => {
      let at = 0;
      for (let n = 0; n < keysOfAll.length; n++) {
        const keys = keysOfAll[n] as string[];
        const object = given[at++] as object;
        const found: unknown[] = [];
        for (let i = 0; i < keys.length; i++) arrayPush(found, [keys[i], given[at++]]);
        mapSet(slots, object, found);
        if (keys.length === 0 && kindOf(object) === 'function' && !isClass(object)) weakSet(plain, object, true);
      }
    },
    /** Walks to `depth`; the result is JSON text of the roots and of the objects that changed since the last commit. */
    walk(depth: number, privates: boolean, roots: unknown[]): string {
      queue = [];
      seen = new NewMap();
      wanting = [];
      const values: object[] = [];
      for (const root of roots) arrayPush(values, value(root, depth));
      let changed = '';
      const fresh: [number, string][] = [];
      for (let at = 0; at < queue.length; at += 2) {
        const object = queue[at] as object;
        const record = describe(object, queue[at + 1] as number) as { kind: string; prototype: { id?: number } };
        const id = idOf(object);
        const text = stringify(record);
        const proxy = record.kind === 'proxy';
        const instance =
          privates &&
          !proxy &&
          record.kind !== 'intrinsic' &&
          !mapGet(intrinsics, getPrototypeOf(object) ?? intrinsics);
        const holder = privates && record.kind === 'function' && !weakGet(plain, object);
        if ((proxy || instance || holder) && !mapGet(slots, object)) arrayPush(wanting, object);
        if (mapGet(sent, id) !== text) arrayPush(fresh, [id, text]);
      }
      for (const [id, text] of fresh) changed += `${changed && ','}[${id},${text}]`;
      if (wanting.length > 0) return `{"wanting":${wanting.length}}`;
      for (const [id, text] of fresh) mapSet(sent, id, text);
      return `{"roots":${stringify(values)},"changed":[${changed}]}`;
    },
  };
}
