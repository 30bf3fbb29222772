import { encodeOffsetMsgId, type UniqueKeyGenerator } from '../../../lib/protocol/message/message-id.js';
import type { HostAddress } from '../../../lib/protocol/message/message.js';
import { withoutProperty, encodeProperties, decodeProperties, PROPERTY } from '../../../lib/protocol/message/properties.js';
import type { ExtFields } from '../../../lib/protocol/remoting-command.js';
import { BROKER_OWNED_PROPERTIES, type PropertyScan } from '../../delay/property-scan.js';

/** Options that a broker leaves on every message, under their names in `broker.conf`. */
export interface IdentityOptions {
  readonly brokerClusterName: string;
  readonly regionId: string;
  readonly traceOn: boolean;
}

/** Hex digits of the offset at the end of an offset message id. */
const OFFSET_DIGITS = 16;

/** Who this broker is, in the forms that every message and every reply to a producer carries; made once, used per message. */
export class BrokerIdentity {
  /** Fields of every reply to a producer: the Java client reads them without looking whether they are there. */
  readonly sendExtFields: ExtFields;
  readonly regionId: string;
  readonly traceOn: boolean;
  readonly #stamp: string;
  readonly #msgIdPrefix: string;

  constructor(
    options: IdentityOptions,
    /** Address that messages are marked with: the advertised one, on the main port. */
    readonly storeHost: HostAddress,
    private readonly uniqueKeys: UniqueKeyGenerator,
  ) {
    this.regionId = options.regionId;
    this.traceOn = options.traceOn;
    this.sendExtFields = Object.freeze({ MSG_REGION: options.regionId, TRACE_ON: String(options.traceOn) });
    this.#stamp = encodeProperties({ MSG_REGION: options.regionId, TRACE_ON: String(options.traceOn), CLUSTER: options.brokerClusterName });
    this.#msgIdPrefix = encodeOffsetMsgId(storeHost, 0).slice(0, -OFFSET_DIGITS);
  }

  /** Id of the record at a commit-log position of this broker. */
  offsetMsgId(physicalOffset: number): string {
    return this.#msgIdPrefix + physicalOffset.toString(16).toUpperCase().padStart(OFFSET_DIGITS, '0');
  }

  /** The unique key a message is to have when its producer made none. */
  newUniqueKey(): string {
    return this.uniqueKeys.next();
  }

  /**
   * A producer's properties with what the broker adds to them.
   * @param newUniqueKey unique key to add; `undefined` when the producer made one
   */
  stamp(properties: string, scan: PropertyScan, newUniqueKey: string | undefined): string {
    let text = scan.needsCleaning ? cleaned(properties) : properties;
    if (text !== '' && text.charCodeAt(text.length - 1) !== 2) text += '\u0002';
    if (newUniqueKey !== undefined) text += `${PROPERTY.UNIQ_KEY}\u0001${newUniqueKey}\u0002`;
    return text + this.#stamp;
  }
}

function cleaned(properties: string): string {
  let text = encodeProperties(decodeProperties(properties));
  for (const name of BROKER_OWNED_PROPERTIES) text = withoutProperty(text, name);
  return text;
}
