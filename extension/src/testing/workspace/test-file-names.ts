/** Test files as people name them. */

const LOOKS_LIKE_TEST =
  /(?:^|[\\/])(?:[^\\/]+[._-](?:test|spec)|(?:test|spec)[._-][^\\/]*|(?:tests?|__tests__|spec)[\\/].*)\.[cm]?[jt]sx?$/i;

/** By its name alone; folders above it count. */
export function looksLikeTest(file: string): boolean {
  return LOOKS_LIKE_TEST.test(file) && !/\.d\.[cm]?ts$/.test(file);
}
