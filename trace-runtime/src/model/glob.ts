/**
 * A glob as a regular expression over whole paths with `/`: `*` and `?` stay within a name, `**` crosses folders,
 * `{a,b}` is either. A glob that names a folder covers all below it.
 */
export function globToRegExp(glob: string): RegExp {
  let out = '';
  let braces = 0;
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i] ?? '';
    if (c === '*' && glob[i + 1] === '*') {
      const slash = glob[i + 2] === '/';
      out += slash ? '(?:.*/)?' : '.*';
      i += slash ? 2 : 1;
    } else if (c === '*') out += '[^/]*';
    else if (c === '?') out += '[^/]';
    else if (c === '{') {
      out += '(?:';
      braces += 1;
    } else if (c === '}' && braces > 0) {
      out += ')';
      braces -= 1;
    } else if (c === ',' && braces > 0) out += '|';
    else out += c.replace(/[.+^$()|[\]\\{}]/, '\\$&');
  }
  return new RegExp(`^${out}${')'.repeat(braces)}(?:/.*)?$`);
}
