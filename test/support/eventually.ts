/**
 * Waits for a condition, never for a time: polls `probe` until it returns something truthy, and returns that.
 * Throws with `what` and the last error or value when `timeoutMs` has passed.
 */
export async function eventually<T>(what: string, probe: () => T | Promise<T>, timeoutMs = 15_000, everyMs = 10): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`gave up waiting for: ${what}; last seen: ${String(last)}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
