import { SymbolValue } from './values.ts';

/** The symbols of a stream by their numbers, which a damaged stream may make as high as it likes. */
export class SymbolTable {
  private readonly byId = new Map<number, SymbolValue>();

  /** One that the stream has not described yet is a local one without a description. */
  of(id: number): SymbolValue {
    const known = this.byId.get(id);
    return known ?? this.define(id, undefined, 'local');
  }

  /** A stream that is read again names the same symbol. */
  define(id: number, description: string | undefined, origin: SymbolValue['origin']): SymbolValue {
    const known = this.byId.get(id);
    if (known?.description === description && known?.origin === origin) return known;
    const symbol = new SymbolValue(id, description, origin);
    this.byId.set(id, symbol);
    return symbol;
  }

  all(): IterableIterator<SymbolValue> {
    return this.byId.values();
  }
}
