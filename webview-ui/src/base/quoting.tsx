/** A sentence that quotes code between backticks. */
export function Quoting({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(QUOTED).map((part, i) =>
        i % 2 === 1 ? (
          <code key={i} class="quoted">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** Template literals within the code have backticks of their own: what is quoted begins and ends with a word. */
const QUOTED = /(?<![^\s(])`(.+?)`(?=[\s.,:;]|$)/;
