/**
 * Injection tokens of what has no class of its own. Everything here is provided by `BrokerCoreModule`, of which each broker in
 * a process has its own; `RUNTIME` (clock, disk, network, randomness, loggers) is in `runtime.ts`.
 */

/** `BrokerOptions`: the settings as they were at the start. */
export const BROKER_OPTIONS = Symbol('BROKER_OPTIONS');

/** `LiveOptions<typeof BROKER_SCHEMA>`: the settings as they are now, changeable by administrators. */
export const LIVE_BROKER_OPTIONS = Symbol('LIVE_BROKER_OPTIONS');

/** `HostAddress`: what clients are told and messages are marked with, `brokerIP1` and the real main port. */
export const ADVERTISED_ADDRESS = Symbol('ADVERTISED_ADDRESS');

/** `MessageStore`. */
export const MESSAGE_STORE = Symbol('MESSAGE_STORE');
