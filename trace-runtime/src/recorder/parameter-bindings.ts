/**
 * Parameters that are patterns: getters, iterators and proxies may run while they bind, before their function's body says
 * that it runs. The binding is kept at hand and told (`early`) only when recorded code does run in it; who binds plain
 * objects writes nothing.
 */
import { Slot } from '../wire/words.ts';
import type { EarlyHooks, EarlyParts } from './early-hooks.ts';
import { defineProperty, hasOwn, isArray } from './primordials.ts';

const PLAIN = { writable: true, enumerable: true, configurable: true };

const enum State {
  /** no record came since it began */
  untold,
  /** it stands on the stack as an activation */
  told,
  /** an initialiser's own activation stands there */
  initialising,
}

/**
 * What instrumented code hands over: an object literal that the parameters are then taken from. V8 may name a nameless
 * function by a key: those are known to be of ours.
 */
interface Binding {
  /** control word of its `early` op */
  readonly __hci: number;
  /** what that op's record holds */
  readonly __hcv: readonly unknown[];
  /** itself, for the hooks behind */
  __hct: Binding;
  /** progress of the caller */
  __hcc: number;
  __hcs: State;
  /** the binding that runs the code that called the function */
  __hco: Binding | undefined;
}

export interface ParameterBindings {
  /** No recorded code was on the stack, and some begins. Gives the next position. */
  root(position: number): number;
  readonly hooks: {
    /** Parameters begin to be bound. */
    readonly PB: (binding: Binding) => Binding;
    /** All are bound. */
    readonly PE: (binding: Binding) => void;
    /** As EA and EB, while they are bound. */
    readonly PV: (binding: Binding, w: number, op: number, ...values: readonly unknown[]) => number;
    readonly PW: (binding: Binding, c: number, v: unknown) => unknown;
    /** Whether an array pattern takes from it without any error. */
    readonly PI: (value: unknown) => boolean;
    /** The rest, which was taken from an array by an object pattern. */
    readonly PR: (taken: Readonly<Record<number, unknown>>) => unknown[];
  };
}

export interface BindingParts extends Pick<EarlyParts, 'words' | 'roomAt' | 'put' | 'leave'> {
  readonly rootTick: (position: number) => number;
  /** has the next record call what was given to `onWait`, or no more */
  readonly wait: (waits: boolean) => void;
  readonly onWait: (tell: (position: number) => number) => void;
  /** whether code of the word's file stands on the stack below the innermost recorded code */
  readonly stands: (w: number) => boolean;
}

export function createParameterBindings(parts: BindingParts, { EA, EB }: EarlyHooks): ParameterBindings {
  const { words, roomAt, put, leave, wait, stands } = parts;
  const state: { open: Binding | undefined } = { open: undefined };

  function write(position: number, binding: Binding): number {
    const { __hcv: values } = binding;
    words[position] = binding.__hci;
    words[position + 1] = binding.__hcc << 1;
    let p = position + 2;
    for (let i = 0; i < values.length; i++) p = put(roomAt(p), values[i]);
    binding.__hcs = State.told;
    return (words[Slot.position] = p);
  }

  function end(binding: Binding): void {
    if (binding.__hcs === State.told) leave(binding.__hcc);
    else if (binding.__hcc !== 0) wait(false);
  }

  function begin(binding: Binding): void {
    binding.__hcs = State.untold;
    // where no recorded code is on the stack, what runs comes by `root`
    if (binding.__hcc !== 0) wait(true);
  }

  parts.onWait((position) => (state.open === undefined ? position : write(position, state.open)));

  return {
    root(position) {
      const binding = state.open;
      if (binding === undefined) return parts.rootTick(position);
      // an error has ended it, where its function is gone
      if (binding.__hcc !== 0 || binding.__hcs === State.initialising || !stands(binding.__hci)) {
        state.open = undefined;
        return parts.rootTick(position);
      }
      words[Slot.position] = position;
      if (binding.__hcs === State.told) leave(0);
      return write(parts.rootTick(words[Slot.position]!), binding);
    },
    hooks: {
      PB(binding) {
        const c = words[Slot.progress]!;
        const outer = state.open;
        binding.__hct = binding;
        binding.__hcc = c;
        binding.__hco = undefined;
        if (outer !== undefined && c !== 0) {
          if (outer.__hcs === State.untold && outer.__hcc !== 0) {
            wait(false);
            write(roomAt(words[Slot.position]!), outer);
          }
          binding.__hco = outer;
        }
        state.open = binding;
        begin(binding);
        return binding;
      },
      PE(binding) {
        end(binding);
        state.open = binding.__hco;
      },
      PV(binding, w, op, ...values) {
        end(binding);
        binding.__hcs = State.initialising;
        return EA(w, op, ...values);
      },
      PW(binding, c, v) {
        EB(c, v);
        state.open = binding;
        begin(binding);
        return v;
      },
      PI: (value) => isArray(value) || typeof value === 'string',
      PR(taken) {
        const rest: unknown[] = [];
        for (let i = 0; hasOwn(taken, i); i++) defineProperty(rest, i, { value: taken[i], ...PLAIN });
        return rest;
      },
    },
  };
}
