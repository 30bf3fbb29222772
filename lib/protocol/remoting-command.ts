import type { LanguageName } from './language-code.js';

/** How a header is written: as JSON (0) or in the ROCKETMQ binary form (1). Apache: SerializeType.java. */
export type SerializeType = 'JSON' | 'ROCKETMQ';

/** A header's named strings. Every value is a string on the wire, in both serializations. */
export type ExtFields = Readonly<Record<string, string>>;

/** Bit 0 of {@link RemotingCommand.flag}: this is a response. */
export const FLAG_RESPONSE = 1;
/** Bit 1 of {@link RemotingCommand.flag}: nobody waits for a response. */
export const FLAG_ONEWAY = 2;

/** An absent body. */
export const EMPTY_BODY: Buffer = Buffer.alloc(0);

/** One request or response as plain data; `remoting-codec` turns it into a frame and back. */
export interface RemotingCommand {
  /** Request code or response code. */
  readonly code: number;
  /** Name of the sender's language; `null` when the peer sent one we do not know. */
  readonly language: LanguageName | null;
  /** Sender's version, an ordinal of Apache's MQVersion. */
  readonly version: number;
  /** Request id, unique on one connection and direction; echoed in the response. Signed 32 bits. */
  readonly opaque: number;
  /** Bits {@link FLAG_RESPONSE} and {@link FLAG_ONEWAY}. */
  readonly flag: number;
  /** Error or status text. */
  readonly remark: string | undefined;
  /** Header fields; empty when the frame had none. */
  readonly extFields: ExtFields;
  /** Bytes after the header; {@link EMPTY_BODY} when there are none. A slice of the received frame, not a copy. */
  readonly body: Buffer;
  /** Serialization the frame had, or is to have. */
  readonly serializeType: SerializeType;
}

/** Whether `command` answers a request. */
export function isResponse(command: Pick<RemotingCommand, 'flag'>): boolean {
  return (command.flag & FLAG_RESPONSE) !== 0;
}

/** Whether `command` must never be answered. */
export function isOneway(command: Pick<RemotingCommand, 'flag'>): boolean {
  return (command.flag & FLAG_ONEWAY) !== 0;
}
