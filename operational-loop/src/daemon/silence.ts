/**
 * Instances that run and no longer answer: those that told of themselves and do so no more, whether they are stopped, hang, or
 * compute without end; and those that answer no requests. An alert begins when one has been silent for three times as long as
 * it ever was, and for ten seconds, and ends when it is heard again or has ended.
 */
import type { Clock, Milliseconds } from '../model/time.ts';
import type { Unanswered } from '../tuning/traffic/unanswered.ts';
import type { AlertBook } from './alert-book.ts';

export interface Running {
  readonly service: string;
  readonly instance: string;
  /** of a process of this machine */
  readonly pid?: number;
  /** why it is not heard, where that is known */
  readonly problem?: string;
}

const PATIENCE: Milliseconds = 10_000;
const LONGER = 3;
const PREFIX = 'silent/';

export interface SilenceSettings {
  /** between two looks */
  readonly every: Milliseconds;
  /** whether a process is held by a signal */
  readonly isStopped: (pid: number) => boolean;
  /** whether an instance told of itself before this daemon began */
  readonly hasTold: (one: Running) => boolean;
}

interface Voice {
  /** it tells of itself at all */
  isKnown: boolean;
  heard: boolean;
  /** so far */
  silent: Milliseconds;
  /** that it was silent and came back by itself, in time */
  longest: Milliseconds;
}

export class Silence {
  readonly #voices = new Map<string, Voice>();

  constructor(
    private readonly book: AlertBook,
    private readonly clock: Clock,
    private readonly given: SilenceSettings,
  ) {}

  /** A sign of life. */
  heard(service: string, instance: string): void {
    const key = keyOf(service, instance);
    const voice = this.#voices.get(key);
    if (voice) voice.heard = voice.isKnown = true;
    else this.#voices.set(key, { heard: true, silent: 0, longest: 0, isKnown: true });
  }

  /**
   * `passed`: since the last look, by a steady clock. Time in which nobody looked does not count: then we were held up ourselves.
   */
  look(running: readonly Running[], unanswered: readonly (Unanswered & Running)[], passed: Milliseconds): void {
    const open = new Set<string>();
    const counted = Math.min(passed, 2 * this.given.every);
    for (const one of running) {
      const voice = this.#voices.get(keyOf(one.service, one.instance)) ?? this.#fromBefore(one);
      if (isSilent(voice, counted)) open.add(this.#raise(one, voice));
    }
    for (const one of unanswered) if (!open.has(subjectOf(one))) open.add(this.#raiseUnanswered(one));
    this.book.endOthers(PREFIX, open);
    const keys = new Set(running.map(({ service, instance }) => keyOf(service, instance)));
    for (const [key, voice] of this.#voices) if (!keys.has(key) && !voice.heard) this.#voices.delete(key);
    for (const voice of this.#voices.values()) voice.heard = false;
  }

  /** As a daemon finds it that has just begun: one that was silent then still is. */
  #fromBefore(one: Running): Voice {
    const isOpen = this.book.has(subjectOf(one));
    const voice = { heard: false, silent: isOpen ? PATIENCE : 0, longest: 0, isKnown: this.given.hasTold(one) };
    this.#voices.set(keyOf(one.service, one.instance), voice);
    return voice;
  }

  #raise({ service, instance, pid, problem }: Running, { silent }: Voice): string {
    const stopped = pid !== undefined && this.given.isStopped(pid) ? ': it is stopped (SIGSTOP)' : '';
    const process = pid === undefined ? '' : `, though its process ${pid} is there${stopped}`;
    const text = `${instance} of ${service} tells nothing any more${process}.${problem === undefined ? '' : ` ${problem}`}`;
    return this.#open({ service, instance }, text, silent);
  }

  #raiseUnanswered({ service, instance, waited }: Unanswered & Running): string {
    return this.#open({ service, instance }, `${instance} of ${service} answers no requests any more.`, waited);
  }

  #open(one: Running, text: string, silent: Milliseconds): string {
    const subject = subjectOf(one);
    const { service, instance } = one;
    const since = this.clock.now() - Math.round(silent);
    this.book.raise(subject, { kind: 'silent', severity: 'page', service, instance, text, since, about: undefined });
    return subject;
  }
}

/** Counts on. */
function isSilent(voice: Voice, passed: Milliseconds): boolean {
  const most = Math.max(PATIENCE, LONGER * voice.longest);
  if (voice.heard) {
    if (voice.silent <= most) voice.longest = Math.max(voice.longest, voice.silent);
    voice.silent = 0;
  } else {
    voice.silent += passed;
  }
  return voice.isKnown && voice.silent > most;
}

function subjectOf({ service, instance }: Running): string {
  return PREFIX + keyOf(service, instance);
}

function keyOf(service: string, instance: string): string {
  return `${service}/${instance}`;
}
