/** `search FOLDER TEXT…`: which contents of a recording hold each text, as JSON. Run by a Node that reads zstd. */
import { contentsOf, holdersOf } from './recording-contents.ts';

const [folder = '', ...texts] = process.argv.slice(2);
const holders = texts.map((text) => holdersOf(folder, text));
const contents = contentsOf(folder).map(({ path }) => path);
process.stdout.write(JSON.stringify({ holders, contents }));
