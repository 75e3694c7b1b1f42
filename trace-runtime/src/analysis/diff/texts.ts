/**
 * Texts of a run without what names the run: the folder that it ran in and the folders that it made for itself under
 * random names. Texts of two runs that are the same without these are alike.
 */
export class RunTexts {
  private readonly names: { readonly name: string; readonly stand: string }[] = [];
  private made = 0;

  constructor(folder: string | undefined) {
    if (folder !== undefined && folder.length > 1) this.add(folder, 'folder');
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
    let plain = text;
    for (const { name, stand } of this.names)
      if (plain.length >= name.length && plain.includes(name)) plain = plain.replaceAll(name, stand);
    return plain;
  }
}
