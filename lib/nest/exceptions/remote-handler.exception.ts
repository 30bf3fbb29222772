/** A request-reply handler on the other side answered with an error instead of a value. */
export class RemoteHandlerError extends Error {
  /** What the other side's exception filter produced: usually `{ status: 'error', message }` or the argument of its `RpcException`. */
  readonly error: unknown;

  constructor(error: unknown) {
    super(textOf(error));
    this.name = 'RemoteHandlerError';
    this.error = error;
  }
}

function textOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : JSON.stringify(error);
}
