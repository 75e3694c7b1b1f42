// A small warehouse: enough calls, levels, waiting and errors for a picture of each kind.
export class OutOfStock extends Error {
  name = 'OutOfStock';
}

export class Inventory {
  #levels = new Map();

  constructor(items) {
    for (const { sku, count } of items) this.restock(sku, count);
  }

  restock(sku, count) {
    this.#levels.set(sku, this.level(sku) + count);
  }

  level(sku) {
    return this.#levels.get(sku) ?? 0;
  }

  take(sku, count) {
    const left = this.level(sku) - count;
    if (left < 0) throw new OutOfStock(`only ${this.level(sku)} of ${sku}, wanted ${count}`);
    this.#levels.set(sku, left);
    return left;
  }

  *entries() {
    for (const [sku, count] of this.#levels) yield { sku, count };
  }
}

export function total(lines, price) {
  return lines.reduce((sum, line) => sum + lineTotal(line, price), 0);
}

function lineTotal({ sku, count }, price) {
  return discount(count) * count * price(sku);
}

function discount(count) {
  if (count >= 100) return 0.8;
  return count >= 10 ? 0.9 : 1;
}

export function permutations(list) {
  if (list.length <= 1) return [list];
  return list.flatMap((head, i) => permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((tail) => [head, ...tail]));
}

export async function order(inventory, lines, price) {
  const taken = [];
  for (const { sku, count } of lines) {
    await pause(1);
    try {
      inventory.take(sku, count);
      taken.push({ sku, count });
    } catch (error) {
      if (!(error instanceof OutOfStock)) throw error;
      console.warn(`skipped: ${error.message}`);
    }
  }
  return { taken, total: total(taken, price) };
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
