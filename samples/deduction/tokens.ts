/** Injection token of the deduction database. */
export const DEDUCTION_DATABASE = Symbol('deduction database');
/** Injection token of the order that fails at its first delivery; empty: none. Set by the demonstration. */
export const FAIL_FIRST_ORDER = Symbol('order that fails at first');
