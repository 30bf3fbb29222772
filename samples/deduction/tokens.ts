/** Injection token of the deduction database. */
export const DEDUCTION_DATABASE = Symbol('deduction database');
