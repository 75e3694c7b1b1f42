/** Records a failing program; a server gets its requests. */
import http from 'node:http';
import type { FailingProgram } from './failing-programs.ts';
import { Program, type Ended } from './program.ts';

export async function recordFailing(
  failing: FailingProgram,
): Promise<{ readonly program: Program; readonly ended: Ended }> {
  const { files, command, input, env, requests = [], packages = false } = failing;
  const program = new Program(files);
  if (packages) program.withPackages();
  const recorded = program.record([process.execPath, ...command], {
    ...(input !== undefined && { input }),
    ...(env && { env }),
  });
  if (requests.length > 0) await send(program, requests);
  return { program, ended: await recorded };
}

async function send(program: Program, requests: NonNullable<FailingProgram['requests']>): Promise<void> {
  const port = Number(await program.written('port'));
  for (const request of requests) await make(port, request);
}

/** Resolves when it is answered or cannot be. */
function make(
  port: number,
  { method, path, headers, body = '' }: NonNullable<FailingProgram['requests']>[number],
): Promise<void> {
  return new Promise((resolve) => {
    const all = { ...headers, ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }) };
    const request = http.request({ host: '127.0.0.1', port, method, path, headers: all, agent: false }, (response) => {
      response.on('close', () => resolve()).on('error', () => resolve());
      response.resume();
    });
    request.on('error', () => resolve());
    request.end(body);
  });
}
