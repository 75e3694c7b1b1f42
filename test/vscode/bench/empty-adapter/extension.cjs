// A debug adapter that computes nothing, in the extension host: each step back is on the line before, with three variables. What a step
// takes beside it is the editor's.
const vscode = require('vscode');

const FIRST = 6;
const LAST = 11;

class EmptyAdapter {
  constructor({ configuration, workspaceFolder }) {
    this.path = configuration.program ?? vscode.Uri.joinPath(workspaceFolder.uri, 'steps.js').fsPath;
    this.sent = new vscode.EventEmitter();
    this.onDidSendMessage = this.sent.event;
    this.line = LAST;
    this.sequence = 0;
  }

  handleMessage({ seq, command, arguments: given }) {
    const answer = (body = {}) => this.send({ type: 'response', request_seq: seq, command, success: true, body });
    const event = (name, body = {}) => this.send({ type: 'event', event: name, body });
    const stopped = (reason) => event('stopped', { reason, threadId: 1, allThreadsStopped: true });
    switch (command) {
      case 'initialize':
        answer({ supportsStepBack: true, supportsConfigurationDoneRequest: true });
        return event('initialized');
      case 'configurationDone':
        answer();
        return stopped('entry');
      case 'threads':
        return answer({ threads: [{ id: 1, name: 'main' }] });
      case 'stackTrace':
        return answer({ stackFrames: [this.frame()], totalFrames: 1 });
      case 'scopes':
        return answer({ scopes: [{ name: 'Local', variablesReference: 1, expensive: false }] });
      case 'variables':
        return answer({
          variables: ['sum', 'round', 'half'].map((name) => ({
            name,
            value: String(this.line),
            variablesReference: 0,
          })),
        });
      case 'stepBack':
        this.line = this.line === FIRST ? LAST : this.line - 1;
        answer();
        return stopped('step');
      case 'disconnect':
      case 'terminate':
        answer();
        return event('terminated');
      default:
        return answer(given?.breakpoints ? { breakpoints: [] } : {});
    }
  }

  frame() {
    const source = { name: 'steps.js', path: this.path };
    return { id: this.line, name: 'walk', source, line: this.line, column: 1 };
  }

  send(message) {
    this.sent.fire({ seq: ++this.sequence, ...message });
  }

  dispose() {
    this.sent.dispose();
  }
}

exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('empty', {
      createDebugAdapterDescriptor: (session) => new vscode.DebugAdapterInlineImplementation(new EmptyAdapter(session)),
    }),
  );
};
