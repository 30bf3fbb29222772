/*
 * Injection tokens of what has no class of its own. Every broker in a process has its own providers; nothing is global.
 * `RUNTIME` (clock, disk, network, randomness, loggers) is in `runtime.ts`.
 */

/** `MessageStore`. */
export const MESSAGE_STORE = Symbol('MESSAGE_STORE');

/** `BrokerState`: the owners of topics, groups, offsets, clients and held pulls. */
export const BROKER_STATE = Symbol('BROKER_STATE');

/** `ProcessorTable` of the broker. */
export const PROCESSOR_TABLE = Symbol('PROCESSOR_TABLE');
