import type { OptionSchema, OptionsOf } from './option-schema.js';
import { invalid, optionTexts } from './resolve-options.js';
import { formatProperties } from './properties.js';

/** What {@link LiveOptions.update} did. */
export interface OptionsUpdate {
  /** Keys whose value is now another one. */
  readonly changed: readonly string[];
  /** Keys nobody knows; they were passed over, as Apache does. */
  readonly unknown: readonly string[];
}

/** Settings of a running process, changed by an administrator's command; whoever holds {@link current} sees the change. */
export class LiveOptions<S extends OptionSchema> {
  readonly #current: OptionsOf<S>;
  readonly #listeners = new Set<(current: OptionsOf<S>, changed: readonly string[]) => void>();

  constructor(
    private readonly schema: S,
    initial: OptionsOf<S>,
  ) {
    this.#current = { ...initial };
  }

  /** The settings as they are now; always the same object, changed in place. */
  get current(): OptionsOf<S> {
    return this.#current;
  }

  /**
   * Sets all of `texts`, or none when one is wrong.
   * @throws RocketMqError `CONFIG_INVALID`
   */
  update(texts: ReadonlyMap<string, string>): OptionsUpdate {
    const next: Record<string, unknown> = { ...this.#current };
    const changed: string[] = [];
    const unknown: string[] = [];
    const problems: string[] = [];
    for (const [key, rawText] of texts) {
      if (!Object.hasOwn(this.schema, key)) {
        unknown.push(key);
        continue;
      }
      const value = this.schema[key].parse(rawText.trim());
      if (value === undefined) problems.push(`${key}=${rawText.trim()}: allowed is ${this.schema[key].allowed}`);
      else if (value !== next[key]) {
        next[key] = value;
        changed.push(key);
      }
    }
    if (problems.length > 0) throw invalid(problems);
    if (changed.length > 0) {
      Object.assign(this.#current, next);
      for (const listener of this.#listeners) listener(this.#current, changed);
    }
    return { changed, unknown };
  }

  /** Calls `listener` after every change; returns the function that ends it. */
  onChanged(listener: (current: OptionsOf<S>, changed: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All settings as `.properties` text. */
  format(): string {
    return formatProperties(optionTexts(this.schema, this.#current));
  }
}
