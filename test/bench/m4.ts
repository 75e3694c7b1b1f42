/** The M4 competition's files: a series a line, its name first, each cell in quotes; shorter series end in empty cells. */

export interface NamedSeries {
  readonly name: string;
  readonly values: Float64Array;
}

export function readSeries(csv: string): readonly NamedSeries[] {
  const lines = csv.split(/\r?\n/).filter((line) => line !== '');
  // the first line names the columns
  return lines.slice(1).map((line) => {
    const [name = '', ...cells] = line.split(',').map((cell) => cell.replaceAll('"', '').trim());
    return { name, values: Float64Array.from(cells.filter((cell) => cell !== '' && cell !== 'NA').map(Number)) };
  });
}
