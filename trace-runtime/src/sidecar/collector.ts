/**
 * Takes the words of all streams of one recording until it is told to finish, or until nobody is left to record.
 * Whatever goes wrong with one stream is in the ledger and leaves the others alone.
 */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processLives } from '../base/processes.ts';
import type { FileEntry } from '../format/footer.ts';
import { appendLedger, releaseReserve } from '../store/ledger.ts';
import { recordingPaths, type RecordingPaths } from '../store/recording-paths.ts';
import {
  CUT_DONE_FILE,
  CUT_FILE,
  FINISH_FILE,
  PROGRESS_FILE,
  STOPPED_FILE,
  parseSpoolName,
  type SpoolName,
} from '../wire/spool.ts';
import type { Lock } from './lock.ts';
import { RingSource } from './ring-source.ts';
import type { SiteFiles } from './site-files.ts';
import { SpoolSource } from './spool-source.ts';
import { findResumePoint, StreamWriter, type SegmentLimits } from './stream-writer.ts';

export interface CollectorOptions {
  readonly recording: string;
  readonly lock: Lock;
  readonly sites: SiteFiles;
  /** pid of the `record` command; when it is gone and no program is left, the collector finishes by itself */
  readonly recorder: number | undefined;
  /** called now and then while recording */
  readonly tend: () => void;
  readonly limits: SegmentLimits;
  /** A finished recording of what is in segments; its folder. Throws what the file system says. */
  readonly cut: () => string;
}

/** Words a stream may take before the next one has its turn. */
const TURN_WORDS = 1024 * 1024;
const IDLE_MS = { least: 2, most: 20 } as const;
/** Fewer words than this in a pass: the next one waits a little, for each costs the same whatever it finds. */
const BUSY_WORDS = 128 * 1024;
const CALM_MS = 20;
const TEND_MS = 1000;
/** Looks after which all that was there when a cut was asked for has been taken. */
const CUT_LOOKS = 3;
/** Programs still alive when told to finish get this long. */
const GRACE_MS = 400;
/** And those that do not stop writing this long, which is enough to take what they had written before. */
const BUSY_GRACE_MS = 10_000;

/** Passes without a new word after which nothing is left, where no program lives; and where one still writes. */
const LAST_LOOKS = 3;
const MOST_PASSES = 200;

interface Stream {
  readonly writer: StreamWriter;
  readonly pid: number | undefined;
}

export class Collector {
  readonly #options: CollectorOptions;
  readonly #paths: RecordingPaths;
  readonly #streams = new Map<string, Stream>();
  readonly #finished = new Set<string>();
  readonly #broken = new Set<string>();
  readonly #failed = new Set<string>();
  /** streams that had words in the last look */
  readonly #givers = new Set<string>();
  #finishedRecords = 0;
  #finishedTicks = 0;
  #finishSince = 0;
  #aloneSince = 0;
  #quiet = 0;
  #tended = 0;
  #woken = false;
  #toldToEnd = false;
  #rouse = (): void => undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#paths = recordingPaths(options.recording);
  }

  /** Resolves when the recording is complete (true) or another sidecar has taken over (false). */
  async run(): Promise<boolean> {
    let idle: number = IDLE_MS.least;
    // a short program may be over before anybody could be woken
    if (this.#isAsked()) this.wake();
    for (;;) {
      if (!this.#options.lock.held()) return false;
      this.#discover();
      const taken = await this.#pumpAll();
      this.#tend();
      if (existsSync(path.join(this.#options.recording, CUT_FILE))) await this.#cut();
      if (taken > 0 && !this.#goesOnAlone()) {
        idle = IDLE_MS.least;
        this.#quiet = 0;
        if (taken < BUSY_WORDS && !this.#woken) await this.#sleep(CALM_MS);
        continue;
      }
      this.#quiet++;
      if ((taken > 0 || this.#quiet > 2 || this.#woken) && this.#mayFinish()) {
        await this.#takeRest();
        break;
      }
      await this.#sleep(idle);
      idle = this.#woken ? IDLE_MS.least : Math.min(IDLE_MS.most, idle * 1.5);
    }
    await this.#finishAll();
    return true;
  }

  /**
   * The collector is asked to end. While the `record` command lives the command says when: a terminal's signals are for all. Where it is
   * gone, the programs have as long as if it had said so.
   */
  end(): void {
    this.#toldToEnd = true;
    this.#rouse();
  }

  /** There is something to see: looks at once. */
  wake(): void {
    this.#woken = existsSync(path.join(this.#options.recording, FINISH_FILE));
    this.#rouse();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#rouse = resolve;
      setTimeout(resolve, ms);
    });
  }

  /** What was written between the last look and the end of the programs. A look may hold words back until the next. */
  async #takeRest(): Promise<void> {
    for (let still = 0, passes = 0; still < LAST_LOOKS && passes < MOST_PASSES; passes++) {
      this.#discover();
      still = (await this.#pumpAll()) > 0 ? 0 : still + 1;
    }
  }

  #discover(): void {
    for (const name of readdirSync(this.#paths.spool)) {
      const file = parseSpoolName(name);
      if (!file || this.#streams.has(file.stream) || this.#finished.has(file.stream) || this.#broken.has(file.stream))
        continue;
      try {
        this.#open(file);
      } catch (error) {
        this.#broken.add(file.stream);
        this.#note('missing', file.stream, `the stream cannot be taken: ${messageOf(error)}`);
      }
    }
  }

  #open({ stream, kind }: SpoolName): void {
    const folder = path.join(this.#paths.streams, stream);
    const resume = findResumePoint(folder);
    const source =
      kind === 'ring'
        ? new RingSource(this.#paths.spool, stream, resume.word)
        : new SpoolSource(this.#paths.spool, stream, this.#oldestFile(stream), resume.word);
    const events = {
      file: (entry: FileEntry) => this.#keepSites(stream, entry),
      failed: (error: unknown) => this.#makeRoom(stream, error),
    };
    const writer = new StreamWriter(folder, source, resume, events, this.#options.limits);
    this.#streams.set(stream, { writer, pid: pidOf(folder) });
  }

  #oldestFile(stream: string): number {
    const numbers = readdirSync(this.#paths.spool)
      .map(parseSpoolName)
      .filter((name) => name?.stream === stream)
      .map((name) => name?.number ?? 0);
    return Math.min(...numbers);
  }

  /** how many words were taken */
  async #pumpAll(): Promise<number> {
    let all = 0;
    this.#givers.clear();
    for (const [id, { writer }] of this.#streams) {
      try {
        const taken = await writer.pump(TURN_WORDS);
        all += taken;
        if (taken > 0) this.#givers.add(id);
        if (taken === 0) await this.#rest(id, writer);
        if (writer.failure !== undefined) this.#giveUp(id, writer.failure);
      } catch (error) {
        this.#streams.delete(id);
        this.#broken.add(id);
        this.#note('missing', id, `the stream ended early for the collector: ${messageOf(error)}`);
      }
    }
    return all;
  }

  /** A stream without new words: stored so that it can be read, closed where it has ended. */
  async #rest(id: string, writer: StreamWriter): Promise<void> {
    await writer.flushAged(Date.now());
    if (!writer.ended || this.#quiet < 2) return;
    await this.#finishStream(id, writer);
  }

  async #finishStream(id: string, writer: StreamWriter): Promise<void> {
    await writer.finish();
    this.#finishedRecords += writer.records;
    this.#finishedTicks += writer.ticks;
    this.#streams.delete(id);
    this.#finished.add(id);
    if (writer.failure !== undefined) return this.#giveUp(id, writer.failure);
    for (const name of readdirSync(this.#paths.spool)) {
      if (parseSpoolName(name)?.stream === id) rmSync(path.join(this.#paths.spool, name), { force: true });
    }
  }

  /**
   * The disk is full or broken: every program stops recording and runs on. What is in the spool still gets the room that
   * was reserved, and then the room that it frees itself. The first to notice says so in the ledger.
   */
  #makeRoom(id: string, error: unknown): boolean {
    releaseReserve(this.#options.recording);
    if (this.#isFirstToStop()) this.#note('stopped', 'recording', `recording stopped: ${messageOf(error)}`, id);
    return true;
  }

  #isFirstToStop(): boolean {
    try {
      writeFileSync(path.join(this.#options.recording, STOPPED_FILE), '', { mode: 0o600, flag: 'wx' });
      return true;
    } catch (error) {
      return !(error instanceof Error && 'code' in error && error.code === 'EEXIST');
    }
  }

  /** Even the reserve was not enough: the rest of the stream is lost. */
  #giveUp(id: string, error: unknown): void {
    if (this.#failed.has(id)) return;
    this.#failed.add(id);
    this.#note('missing', id, `the end of the stream could not be stored: ${messageOf(error)}`, id);
  }

  #keepSites(stream: string, entry: FileEntry): void {
    const problem = this.#options.sites.keep(entry);
    if (problem) this.#note('missing', entry.path || entry.hash, `its site table is not there: ${problem}`, stream);
  }

  #isAsked(): boolean {
    return existsSync(path.join(this.#options.recording, FINISH_FILE));
  }

  /** Only programs that go on beyond the end still write: they are not waited for. What others left is taken to its end. */
  #goesOnAlone(): boolean {
    if (!this.#mustEnd()) return false;
    for (const id of this.#givers) {
      const stream = this.#streams.get(id);
      if (stream === undefined || !isLiving(stream)) return false;
    }
    this.#aloneSince ||= Date.now();
    return Date.now() - this.#aloneSince >= BUSY_GRACE_MS;
  }

  /** What the programs do has no say in it. */
  #mustEnd(): boolean {
    return this.#isAsked() || (this.#toldToEnd && this.#isAbandoned());
  }

  #isAbandoned(): boolean {
    return this.#options.recorder === undefined || !processLives(this.#options.recorder);
  }

  #mayFinish(): boolean {
    const asked = this.#mustEnd();
    if (!asked && !this.#isAbandoned()) return false;
    const living = [...this.#streams].filter(([, stream]) => isLiving(stream));
    if (living.length === 0) return true;
    if (!asked) return false;
    this.#finishSince ||= Date.now();
    if (!this.#goesOnAlone() && Date.now() - this.#finishSince < GRACE_MS) return false;
    for (const [id, { writer, pid }] of living) {
      if (!writer.ended) this.#note('dropped', `process ${pid}`, 'it was still running when the recording ended', id);
    }
    return true;
  }

  async #finishAll(): Promise<void> {
    for (const [id, { writer }] of this.#streams) {
      if (!writer.ended) this.#note('died', id, 'the stream has no orderly end: its thread or process was killed');
      await this.#finishStream(id, writer).catch((error: unknown) => this.#note('missing', id, messageOf(error)));
    }
  }

  #tend(): void {
    const now = Date.now();
    if (now - this.#tended < TEND_MS) return;
    this.#tended = now;
    this.#tellProgress();
    this.#options.tend();
  }

  /** Somebody wants what there is by now; a look may hold words back until the next. */
  async #cut(): Promise<void> {
    const asked = path.join(this.#options.recording, CUT_FILE);
    const token = tokenIn(asked);
    let answer: object;
    try {
      for (let look = 0; look < CUT_LOOKS; look++) {
        await this.#pumpAll();
        await this.#sleep(IDLE_MS.least);
      }
      for (const { writer } of this.#streams.values()) await writer.close();
      answer = { token, folder: this.#options.cut() };
    } catch (error) {
      answer = { token, error: messageOf(error) };
      this.#note('missing', 'a cut', messageOf(error));
    }
    rmSync(asked, { force: true });
    writeFileSync(path.join(this.#paths.spool, CUT_DONE_FILE), JSON.stringify(answer), { mode: 0o600 });
  }

  /** How much was recorded so far, for whoever waits. */
  #tellProgress(): void {
    let records = this.#finishedRecords;
    let ticks = this.#finishedTicks;
    for (const { writer } of this.#streams.values()) {
      records += writer.records;
      ticks += writer.ticks;
    }
    try {
      writeFileSync(path.join(this.#paths.spool, PROGRESS_FILE), `${records} ${ticks}`, { mode: 0o600 });
    } catch {
      // on a full disk nobody hears of it
    }
  }

  #note(kind: string, subject: string, reason: string, stream?: string): void {
    const entry = { kind, subject, reason };
    appendLedger(this.#options.recording, stream === undefined ? entry : { ...entry, stream });
  }
}

/** Undefined where nobody waits for an answer. */
function tokenIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly token?: string }).token;
  } catch {
    return undefined;
  }
}

function isLiving({ pid }: Stream): boolean {
  return pid !== undefined && processLives(pid);
}

function pidOf(folder: string): number | undefined {
  try {
    const hello: unknown = JSON.parse(readFileSync(path.join(folder, 'hello.json'), 'utf8'));
    return typeof hello === 'object' && hello !== null && 'pid' in hello ? Number(hello.pid) : undefined;
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
