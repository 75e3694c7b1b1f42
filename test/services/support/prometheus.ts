/** A real Prometheus that scrapes one target every second. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeFolder } from '../../../scripts/remove-folder.ts';
import { freePort, program, Service, untilListens } from './servers.ts';

export class Prometheus implements AsyncDisposable {
  private constructor(
    readonly url: string,
    private readonly service: Service,
    private readonly folder: string,
  ) {}

  /** `target`: HOST:PORT of what is scraped as the job `shop`. */
  static async start(target: string): Promise<Prometheus> {
    const file = program(['/usr/bin/prometheus', '/usr/local/bin/prometheus'], 'prometheus');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-prometheus-'));
    const port = await freePort();
    const configuration = path.join(folder, 'prometheus.yml');
    writeFileSync(
      configuration,
      `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - { job_name: shop, static_configs: [{ targets: ['${target}'] }] }
`,
    );
    const service = new Service(file, [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await untilListens(port, service.child);
    return new Prometheus(`http://127.0.0.1:${port}`, service, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
    removeFolder(this.folder);
  }
}
