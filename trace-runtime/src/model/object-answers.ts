/** What the debug adapter answers about objects: what they hold where the debugger stands, and when they change. */

/** An expression in a frame, or a name in an opened scope or object, as for `history`. */
export interface ObjectRootArguments {
  readonly expression?: string;
  readonly frameId?: number;
  readonly variablesReference?: number;
  readonly name?: string;
}

/** Objects are numbered in their thread, the same at every moment. */
export interface ObjectRootAnswer {
  readonly threadId: number;
  readonly object: number;
  readonly name: string;
}

export interface ObjectGraphArguments {
  readonly threadId: number;
  readonly object: number;
  /** objects that are opened beside the first ones, and those of the first ones that are not */
  readonly opened?: readonly number[];
  readonly closed?: readonly number[];
}

export interface ObjectPropertyAnswer {
  readonly name: string;
  /** on one line and cut */
  readonly value: string;
  /** the object that it refers to, where that is drawn; null where it is not, or the value is none */
  readonly to: number | null;
}

export interface ObjectNodeAnswer {
  readonly object: number;
  /** `Cart`, `Array(3)`, `Map(2)` */
  readonly title: string;
  /** none where it is closed */
  readonly properties: readonly ObjectPropertyAnswer[];
  /** properties that are left out */
  readonly more: number;
  readonly isOpen: boolean;
  /** it has any properties */
  readonly hasProperties: boolean;
}

/** Without nodes where the object is not there yet. */
export interface ObjectGraphAnswer {
  readonly nodes: readonly ObjectNodeAnswer[];
  /** there are more objects than are drawn */
  readonly isCut: boolean;
}

export interface ObjectChangesArguments {
  readonly threadId: number;
  readonly objects: readonly number[];
}

export interface ObjectChange {
  /** the first at which the object has what it was given */
  readonly moment: number;
  readonly object: number;
  /** the property; null where several have changed at once, or what a collection holds */
  readonly key: string | null;
  /** where it was changed */
  readonly path: string;
  /** 0 where that is not known */
  readonly line: number;
}

/** In the order of time; the nearest ones to where the debugger stands where there are very many. */
export interface ObjectChangesAnswer {
  readonly changes: readonly ObjectChange[];
  readonly isCut: boolean;
}
