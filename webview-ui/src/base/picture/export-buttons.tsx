/** Copies a picture, or saves it, as an SVG file. */
import { useSignal } from '@preact/signals';
import type { Host } from '../host.ts';
import type { Picture } from './picture.ts';
import { toSvgFile } from './svg-file.ts';

const COPIED_MS = 2000;

interface ExportProps {
  readonly host: Host;
  readonly title: string;
  /** of the file, without its ending */
  readonly name: string;
  /** undefined where there is nothing to draw yet */
  readonly picture: () => Picture | undefined;
  /** the same as Markdown, where it can be said so */
  readonly markdown?: () => string;
}

export function ExportButtons({ host, title, name, picture, markdown }: ExportProps) {
  const isCopied = useSignal(false);
  const copy = (text: string | undefined): void => {
    if (text === undefined) return;
    host.copy(text);
    isCopied.value = true;
    setTimeout(() => (isCopied.value = false), COPIED_MS);
  };
  const svg = (): string | undefined => {
    const drawn = picture();
    return drawn && toSvgFile(drawn, title);
  };
  return (
    <span class="export">
      <span class="export-note" role="status">
        {isCopied.value ? 'Copied' : ''}
      </span>
      {markdown && (
        <button type="button" class="button secondary" onClick={() => copy(markdown())}>
          Copy as Markdown
        </button>
      )}
      <button type="button" class="button secondary" onClick={() => copy(svg())}>
        Copy as SVG
      </button>
      <button
        type="button"
        class="button secondary"
        onClick={() => {
          const text = svg();
          if (text !== undefined) host.save(`${name}.svg`, text);
        }}
      >
        Save as SVG…
      </button>
    </span>
  );
}
