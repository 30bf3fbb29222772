import { DEAD_LETTER_TOPIC_PREFIX, RETRY_TOPIC_PREFIX, isSystemGroup, isSystemTopic } from '../protocol/topic-names.js';

/** Puts names of a tenant into its namespace and takes them out again: `ns%name`, `%RETRY%ns%group`. Apache: NamespaceUtil.java. */
export class Namespace {
  readonly #prefix: string | undefined;

  /** @param name the namespace; `undefined`: names stay as they are */
  constructor(name: string | undefined) {
    this.#prefix = name === undefined ? undefined : `${name}%`;
  }

  /** Name of a topic on the wire. */
  wrapTopic(topic: string): string {
    return this.#prefix === undefined || isSystemTopic(topic) ? topic : this.#wrap(topic, this.#prefix);
  }

  /** Name of a group on the wire. */
  wrapGroup(group: string): string {
    return this.#prefix === undefined || isSystemGroup(group) ? group : this.#wrap(group, this.#prefix);
  }

  /** Name of a topic or group as the user knows it. */
  unwrap(name: string): string {
    if (this.#prefix === undefined) return name;
    const marker = markerOf(name);
    const rest = name.slice(marker.length);
    return rest.startsWith(this.#prefix) ? marker + rest.slice(this.#prefix.length) : name;
  }

  #wrap(name: string, prefix: string): string {
    const marker = markerOf(name);
    const rest = name.slice(marker.length);
    return rest.startsWith(prefix) ? name : marker + prefix + rest;
  }
}

function markerOf(name: string): string {
  if (name.startsWith(RETRY_TOPIC_PREFIX)) return RETRY_TOPIC_PREFIX;
  return name.startsWith(DEAD_LETTER_TOPIC_PREFIX) ? DEAD_LETTER_TOPIC_PREFIX : '';
}
