/** Languages of peers with their codes in the binary header. Apache: LanguageCode.java. */
export const LANGUAGE_CODES = {
  JAVA: 0,
  CPP: 1,
  DOTNET: 2,
  PYTHON: 3,
  DELPHI: 4,
  ERLANG: 5,
  RUBY: 6,
  OTHER: 7,
  HTTP: 8,
  GO: 9,
  PHP: 10,
  OMS: 11,
  RUST: 12,
  NODE_JS: 13,
} as const;

/** Name of a language as JSON headers write it. */
export type LanguageName = keyof typeof LANGUAGE_CODES;

const NAMES = new Map<number, LanguageName>(Object.entries(LANGUAGE_CODES).map(([name, code]) => [code, name as LanguageName]));

/** The language with this code; `null` when unknown, as Apache reads it. */
export function languageOfCode(code: number): LanguageName | null {
  return NAMES.get(code) ?? null;
}

/** `name` when it is a known language, else `null`. */
export function languageOfName(name: unknown): LanguageName | null {
  return typeof name === 'string' && Object.hasOwn(LANGUAGE_CODES, name) ? (name as LanguageName) : null;
}
