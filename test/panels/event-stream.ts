/** Server-sent events for one page: what is sent before it listens waits. */
import type { ServerResponse } from 'node:http';
import type { HostMessage } from '../../webview-ui/src/messages.ts';

export type Listener = (message: HostMessage) => void;

interface Stream<Message> {
  readonly send: (message: Message) => void;
  readonly attach: (response: ServerResponse) => void;
}

export function openStream<Message = HostMessage>(): Stream<Message> {
  const waiting: Message[] = [];
  let open: ServerResponse | undefined;
  const write = (message: Message): void => void open?.write(`data: ${JSON.stringify(message)}\n\n`);
  return {
    send: (message) => {
      if (open) write(message);
      else waiting.push(message);
    },
    attach: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      open = response;
      for (const message of waiting.splice(0)) write(message);
    },
  };
}
