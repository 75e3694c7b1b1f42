/**
 * Shares requests between names so that after any number of them each of two has had its share, to within one request. Which
 * of them gets the next one is drawn by how much each is owed: in a fixed order, one arm of a comparison could get all the
 * requests of one kind where requests come in a pattern.
 */
export class WeightedChoice {
  #weights: readonly (readonly [string, number])[] = [];
  #owed = new Map<string, number>();
  #total = 0;

  /** `random`: from 0 up to 1 */
  constructor(private readonly random: () => number = Math.random) {}

  /** Weights of 0 or less are never chosen. What was owed is forgotten. */
  set(weights: Readonly<Record<string, number>>): void {
    this.#weights = Object.entries(weights).filter(([, weight]) => weight > 0);
    this.#total = this.#weights.reduce((sum, [, weight]) => sum + weight, 0);
    this.#owed = new Map(this.#weights.map(([name]) => [name, 0]));
  }

  /** `usable` excludes names for this choice; nothing where none is left. */
  next(usable: (name: string) => boolean = () => true): string | undefined {
    const names = this.#weights.map(([name, weight]) => {
      const owed = (this.#owed.get(name) ?? 0) + weight;
      this.#owed.set(name, owed);
      return { name, owed };
    });
    const open = names.filter(({ name }) => usable(name));
    const chosen = this.#drawn(open) ?? open[0];
    if (chosen) this.#owed.set(chosen.name, chosen.owed - this.#total);
    return chosen?.name;
  }

  #drawn(open: readonly { readonly name: string; readonly owed: number }[]): (typeof open)[number] | undefined {
    const owed = open.map((each) => Math.max(0, each.owed));
    let at = this.random() * owed.reduce((sum, each) => sum + each, 0);
    return open.find((_, index) => (at -= owed[index]!) < 0);
  }
}
