// TypeScript by a loader: enums, parameter properties, decorator-free classes, a namespace, optional chaining down-levelled or not.
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { area, type Shape } from './lib/shapes.mts';

enum State {
  idle,
  busy = 5,
  done,
}

namespace Units {
  export const perInch = 2.54;
  export const inches = (n: number): number => n * perInch;
}

abstract class Job {
  state = State.idle;
  constructor(
    protected readonly name: string,
    private readonly weight = 1,
  ) {}
  protected abstract work(): Promise<number>;
  async run(): Promise<string> {
    this.state = State.busy;
    const result = await this.work();
    this.state = State.done;
    return `${this.name} ${result * this.weight} ${State[this.state]}`;
  }
}

class Draw extends Job {
  constructor(private readonly shape: Shape) {
    super(`draw ${shape.kind}`, Units.inches(1));
  }
  protected async work(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
    return Math.round(area(this.shape));
  }
}

class Ask extends Job {
  constructor(private readonly port: number) {
    super('ask');
  }
  protected async work(): Promise<number> {
    const socket: Socket = connect(this.port, '127.0.0.1');
    const [data] = (await once(socket, 'data')) as [Buffer];
    return Number(data.toString());
  }
}

const server = createServer((socket) => socket.end(String(Date.now() % 1000))).listen(0, '127.0.0.1');
server.on('listening', async () => {
  const { port } = server.address() as AddressInfo;
  const jobs: readonly Job[] = [new Draw({ kind: 'square', side: 3 }), new Ask(port), new Draw({ kind: 'circle', radius: 2 })];
  const order: string[] = [];
  await Promise.all(jobs.map(async (job) => void order.push(await job.run())));
  console.log(order, jobs.map((job) => State[job.state]));
  server.close();
});
