export async function run(_: readonly string[]): Promise<number> {
  return 0;
}
