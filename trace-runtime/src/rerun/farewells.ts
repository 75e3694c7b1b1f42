/** How clients take their leave in a protocol whose every server answers that in one way, whatever was said before. */

/** RESP, of Redis and of what speaks as it does: the command QUIT. */
const RESP_QUIT = /^\*1\r\n\$4\r\nquit\r\n$/i;

/** What a server answers to bytes that are nothing but a farewell; undefined where they are not. */
export function farewell(heard: Buffer): Buffer | undefined {
  return RESP_QUIT.test(heard.toString('latin1')) ? Buffer.from('+OK\r\n') : undefined;
}
