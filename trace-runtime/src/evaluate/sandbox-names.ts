/** Names that compiled code uses beside the program's own. */
export const SANDBOX_NAMES = { privateKey: '__hindcastPrivate', superclass: '__hindcastSuper' } as const;
