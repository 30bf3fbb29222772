/** Java's `String.hashCode`: signed 32 bits over UTF-16 units. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/** Code that consume queues hold for a tag: its Java hash, 0 without a tag. Apache: MessageExtBrokerInner.java. */
export function tagsCodeOf(tag: string | undefined): number {
  return tag === undefined ? 0 : javaHashCode(tag);
}
