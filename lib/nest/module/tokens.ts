/** Name of the cluster when none is given. */
export const DEFAULT_CLUSTER = 'default';

/** Injection token of the resolved module options. */
export const ROCKETMQ_OPTIONS = Symbol('nestjs-rocketmq:options');
/** Injection token of the servers of all clusters of a module. */
export const ROCKETMQ_SERVERS = Symbol('nestjs-rocketmq:servers');

/**
 * Transport id of a cluster: decides which server gets a handler. One symbol for each cluster name, the same in every copy
 * of this package.
 */
export function rocketTransport(cluster: string = DEFAULT_CLUSTER): symbol {
  return Symbol.for(`nestjs-rocketmq:${cluster}`);
}

/** Injection token of the module's idempotency store (option `idempotency.store`), for operators' tools; `undefined` when there is none. */
export const IDEMPOTENCY_STORE = Symbol('nestjs-rocketmq:idempotency-store');
