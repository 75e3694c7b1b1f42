const LEAST_PID = 1000;
const FOLDER_NAME = '\u0001folder name\u0001';

/**
 * Texts of a run without what names the run: the folder that it ran in and the folders that it made for itself under
 * random names. Texts of two runs that are the same without these are alike; so are the numbers of their processes.
 */
export class RunTexts {
  private readonly names: { readonly name: string; readonly stand: string }[] = [];
  private made = 0;
  /** the last name of the folder, which stands for it where a text is nothing else */
  private readonly folderName: string | undefined;
  private readonly pids = new Set<number>();

  constructor(folder: string | undefined) {
    if (folder === undefined || folder.length <= 1) return;
    this.add(folder, 'folder');
    this.folderName = folder.slice(folder.search(/[^\\/]+$/));
  }

  /** A process of the run has that number. */
  addPid(pid: number): void {
    // smaller ones are likely to be met as other numbers
    if (pid >= LEAST_PID) this.pids.add(pid);
  }

  isPid(value: number): boolean {
    return value >= LEAST_PID && this.pids.has(value);
  }

  /** The run made a folder under a random name. */
  madeFolder(name: string): void {
    if (!this.names.some((known) => known.name === name)) this.add(name, `made ${++this.made}`);
  }

  private add(name: string, stand: string): void {
    this.names.push({ name, stand: `\u0001${stand}\u0001` });
    // a folder in another one goes first
    this.names.sort((a, b) => b.name.length - a.name.length);
  }

  plain(text: string): string {
    if (text === this.folderName) return FOLDER_NAME;
    let plain = text;
    for (const { name, stand } of this.names)
      if (plain.length >= name.length && plain.includes(name)) plain = plain.replaceAll(name, stand);
    return plain;
  }
}
