/** What the panel says while there is nothing to show, and what one can do about it. */
import type { ComponentChildren } from 'preact';
import type { Connection, OperationsCommand } from './messages.ts';
import type { OperationsModel } from './operations-model.ts';
import { formatTime } from './times.ts';

interface ModelProps {
  readonly model: OperationsModel;
}

export function Empty({ model }: ModelProps) {
  const connection = model.connection.value;
  switch (connection?.state) {
    case undefined:
    case 'connecting':
    case 'connected':
      return (
        <div class="empty" role="status">
          <div class="progress" />
          <p>Asking the daemon what runs…</p>
        </div>
      );
    case 'untrusted':
      return (
        <Invitation text="This workspace is not trusted: Hindcast neither looks for its daemon nor starts one. To watch its services, trust it first.">
          <Run model={model} command="workbench.trust.manage" text="Manage Workspace Trust" />
        </Invitation>
      );
    case 'no-folder':
      return (
        <Invitation text="Open the folder of the services that you want to watch.">
          <Run model={model} command="vscode.openFolder" text="Open Folder…" />
        </Invitation>
      );
    case 'lost':
      return (
        <Invitation text={`${connection.sentence} It is asked again until it answers.`}>
          <Start model={model} />
        </Invitation>
      );
    case 'none':
      return (
        <Invitation text="No daemon watches this folder's services. It notices drift, forecasts, recommends and tries changes safely; it does nothing to a service without you. The demo starts a small service with three instances, one of which drifts.">
          <Start model={model} />
          <Run model={model} command="hindcast.operations.demo" text="Run the Demo" isSecondary />
        </Invitation>
      );
  }
}

function Invitation({ text, children }: { readonly text: string; readonly children: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{text}</p>
      <div class="empty-actions">{children}</div>
    </div>
  );
}

function Start({ model }: ModelProps) {
  return <Run model={model} command="hindcast.operations.start" text="Start Watching" />;
}

interface RunProps extends ModelProps {
  readonly command: OperationsCommand;
  readonly text: string;
  readonly isSecondary?: boolean;
}

function Run({ model, command, text, isSecondary = false }: RunProps) {
  return (
    <button type="button" class={isSecondary ? 'button secondary' : 'button'} onClick={() => model.host.run(command)}>
      {text}
    </button>
  );
}

interface LostProps extends ModelProps {
  readonly connection: Extract<Connection, { state: 'lost' }>;
  readonly now: number;
}

/** The last that was heard stays in view, and is said to be old. */
export function LostBanner({ model, connection, now }: LostProps) {
  return (
    <div class="ops-lost" role="alert">
      <span>
        {connection.sentence} What is shown is from {formatTime(now)}. Trying again until it answers…
      </span>
      <Start model={model} />
    </div>
  );
}

/** A daemon runs, and nothing has reported to it. */
export function NoServices() {
  return (
    <div class="empty ops-how">
      <p>The daemon runs, and no service has reported to it yet. Any of these ways leads here:</p>
      <ul>
        <li>
          start a service by <code>hindcast ops run -- COMMAND</code>: it is watched and recorded;
        </li>
        <li>
          let it send OpenTelemetry metrics over HTTP: <code>OTEL_EXPORTER_OTLP_ENDPOINT</code> is the <code>url</code>{' '}
          in <code>.hindcast/operations/daemon.json</code>, and <code>OTEL_EXPORTER_OTLP_HEADERS</code> is{' '}
          <code>authorization=Bearer TOKEN</code> with its <code>token</code>;
        </li>
        <li>
          name its Prometheus endpoint in <code>hindcast-ops.yaml</code>, as <code>scrape</code> of the service.
        </li>
      </ul>
    </div>
  );
}
