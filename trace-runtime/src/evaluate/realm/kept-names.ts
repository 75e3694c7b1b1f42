/** What lines of a console have declared: later lines find it, at other moments too. */
import type { DeclaredName } from '../messages.ts';
import * as L from './language.ts';
import type { World } from './world.ts';

export class KeptNames {
  /** a scope */
  private readonly own = Object.create(null) as Record<string, unknown>;
  private readonly ids = new L.SafeMap<string, number>();
  /** constants: their own line may still assign them */
  private readonly fixed = new L.SafeMap<string, boolean>();
  /** whether the code declares some of them */
  private declares = false;

  /** Before the world forgets: of recorded objects the id is kept, as they are other objects at the next moment. */
  leave(world: World): void {
    L.mapClear(this.ids);
    for (const name of L.ownKeys(this.own) as string[]) {
      const value = this.own[name];
      const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
      const id = isObject ? world.idOf(value as object) : undefined;
      if (id !== undefined) L.mapSet(this.ids, name, id);
      this.put(name, value);
    }
  }

  /** At the next moment, where the code declares those names. */
  find(world: World, declares: readonly DeclaredName[]): void {
    L.mapForEach(this.ids, (id, name) => this.put(String(name), world.object(Number(id))));
    for (let i = 0; i < declares.length; i++) {
      const { name, fixed } = declares[i]!;
      L.mapSet(this.fixed, name, false);
      this.put(name, undefined);
      L.mapSet(this.fixed, name, fixed);
    }
    this.declares = declares.length > 0;
  }

  /** Scopes in sight, outermost first: a program's own names go before those that are kept. */
  around(scopes: readonly object[]): object[] {
    return this.declares ? [...scopes, this.own] : [this.own, ...scopes];
  }

  private put(name: string, value: unknown): void {
    const kind =
      L.mapGet(this.fixed, name) === true
        ? {
            get: () => value,
            set: () => {
              throw new TypeError('Assignment to constant variable.');
            },
          }
        : { value, writable: true };
    L.defineProperty(this.own, name, { ...kind, configurable: true, enumerable: true });
  }
}
