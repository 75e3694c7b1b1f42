/**
 * The workspace service: a process beside the extension host that finds tests and says how they are run. Started by
 * `service-client.ts` with a channel for messages; it ends with the channel.
 */
import { readFileSync } from 'node:fs';
import { testCommands } from './commands/test-commands.ts';
import type { FromService, Question, Requests, ToService } from './protocol.ts';
import { findProjects } from './runners/find-projects.ts';
import { listNode } from './runners/list-node.ts';
import { filesByName, listTests } from './runners/list-tests.ts';
import { askNodeVersion, type NodeVersion } from './runners/node-version.ts';
import type { ParsedFile, Project } from './test-model.ts';

export class Service {
  /** files that runners named as tests */
  private readonly listed = new Set<string>();
  private readonly nodes = new Map<string, Promise<NodeVersion>>();
  private readonly running = new Map<number, AbortController>();

  constructor(private readonly send: (message: FromService) => void) {}

  async take(message: ToService): Promise<void> {
    if ('cancel' in message) {
      this.running.get(message.cancel)?.abort();
      return;
    }
    const { id } = message;
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      this.send({ id, answer: await this.answer(message, controller.signal) });
    } catch (error) {
      this.send({ id, error: error instanceof Error ? error.message : String(error) });
    } finally {
      this.running.delete(id);
    }
  }

  private answer(question: Question, signal: AbortSignal): Promise<unknown> {
    switch (question.name) {
      case 'outline':
        return this.outline(question.ask);
      case 'projects':
        return findProjects(question.ask.folder);
      case 'list':
        return this.list(question.ask, signal);
      case 'commands':
        return this.commands(question.ask, signal);
    }
  }

  private async outline({ file, text }: Requests['outline']['ask']): Promise<Requests['outline']['answer']> {
    // The parser is large: it is loaded when it is needed.
    const { outlineOf } = await import('./source/outline.ts');
    return outlineOf(file, text ?? readFileSync(file, 'utf8'), this.listed.has(file));
  }

  private async list(
    { project, trusted }: Requests['list']['ask'],
    signal: AbortSignal,
  ): Promise<Requests['list']['answer']> {
    const listing = trusted ? await listTests(project, signal) : { files: filesByName(project.folder) };
    for (const file of listing.files) this.listed.add(file);
    return listing;
  }

  private async commands(
    { selection, siblings }: Requests['commands']['ask'],
    signal: AbortSignal,
  ): Promise<Requests['commands']['answer']> {
    const { parseTests } = await import('./source/parse-tests.ts');
    const parse = (file: string): ParsedFile => parseTests(file, readFileSync(file, 'utf8'));
    const node = await this.nodeOf(selection.project.folder);
    const known = siblings.length > 0 ? siblings : siblingsOf(selection.project);
    return testCommands(selection, { parse, siblings: known, node, signal });
  }

  private nodeOf(folder: string): Promise<NodeVersion> {
    let answer = this.nodes.get(folder);
    if (!answer) {
      answer = askNodeVersion(folder);
      this.nodes.set(folder, answer);
    }
    return answer;
  }
}

/** Where nobody has asked the runner. */
function siblingsOf(project: Project): readonly string[] {
  if (project.runner === 'node') return listNode(project);
  return project.runner === 'vitest' ? filesByName(project.folder) : [];
}
