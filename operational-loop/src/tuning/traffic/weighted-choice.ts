/** Shares requests between names so that after any number of them each has had its share, to within one request. */
export class WeightedChoice {
  #weights: readonly (readonly [string, number])[] = [];
  #credit = new Map<string, number>();
  #total = 0;

  /** Weights of 0 or less are never chosen. Credit of those that stay is kept only where the weights stay the same. */
  set(weights: Readonly<Record<string, number>>): void {
    this.#weights = Object.entries(weights).filter(([, weight]) => weight > 0);
    this.#total = this.#weights.reduce((sum, [, weight]) => sum + weight, 0);
    this.#credit = new Map(this.#weights.map(([name]) => [name, 0]));
  }

  /** Smooth weighted round robin, as nginx does it. `usable` excludes names for this choice; nothing where none is left. */
  next(usable: (name: string) => boolean = () => true): string | undefined {
    let best: string | undefined;
    let most = -Infinity;
    for (const [name, weight] of this.#weights) {
      const credit = (this.#credit.get(name) ?? 0) + weight;
      this.#credit.set(name, credit);
      if (credit <= most || !usable(name)) continue;
      best = name;
      most = credit;
    }
    if (best !== undefined) this.#credit.set(best, most - this.#total);
    return best;
  }
}
