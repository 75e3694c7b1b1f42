/** Whether an address takes requests yet. */
import http from 'node:http';
import { connect } from 'node:net';
import type { Milliseconds } from '../model/time.ts';

const PATIENCE = 1000;

/** `path`: has to answer with a status below 400; without it, it is enough that something listens. */
export function takesRequests(address: string, path: string | undefined): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return path === undefined ? listens(hostname, Number(port)) : answers(new URL(path, address));
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
    socket.on('timeout', () => end(false));
  });
}

function answers(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(url, { timeout: PATIENCE, agent: false }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy(new Error('no answer')));
  });
}

export function sleep(milliseconds: Milliseconds): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
