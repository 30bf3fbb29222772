/**
 * Fingerprints of the groups' subscriptions, as the latest heartbeat of any member gave them. A member whose fingerprint differs from
 * the previous one is told to send its subscriptions again. Apache: ClientManageProcessor.java.
 */
export class HeartbeatFingerprints {
  readonly #ofGroup = new Map<string, number>();

  /** Notes a heartbeat's fingerprint (0: the client has none); says whether it differs from a fingerprint known before. */
  note(group: string, fingerprint: number): boolean {
    const known = this.#ofGroup.get(group);
    this.#ofGroup.set(group, fingerprint);
    return known !== undefined && known !== fingerprint;
  }

  /** Forgets a group that is deleted. */
  forget(group: string): void {
    this.#ofGroup.delete(group);
  }
}
