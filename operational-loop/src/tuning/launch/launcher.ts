/** How instances are started and stopped. */
import type { ServiceImage } from '../../model/service.ts';

export interface RunningInstance {
  /** given by the tuner; never used twice */
  readonly id: string;
  readonly service: string;
  readonly image: ServiceImage;
  /** where it takes requests: `http://127.0.0.1:8081` */
  readonly address: string;
  readonly pid?: number;
}

export interface StartRequest {
  readonly id: string;
  readonly service: string;
  readonly image: ServiceImage;
}

/** Instances outlive the launcher: a launcher of the same place finds those of its predecessor. */
export interface Launcher extends Disposable {
  /** Resolves when it takes requests. One that runs under this id is given instead. Throws where it ends before. */
  start(request: StartRequest): Promise<RunningInstance>;
  /** Resolves when it has ended; at once where there is none. Requests that it has begun are let finish within its grace. */
  stop(id: string): Promise<void>;
  running(service: string): Promise<readonly RunningInstance[]>;
  /** An instance that ended and was not told to. */
  onExit(listener: (id: string, detail: string) => void): Disposable;
}
