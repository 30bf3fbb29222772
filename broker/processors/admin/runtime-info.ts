import { storeTimestampAt } from '../../../lib/protocol/message/stored-message-codec.js';
import { OUR_VERSION, OUR_VERSION_NAME } from '../../../lib/protocol/version.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import type { DelaySchedule } from '../../delay/delay-schedule.js';
import type { MessageStore } from '../../store/message-store.js';
import type { TrafficMeter } from '../../topics/traffic-meter.js';

/** Figures about the disk of the store. */
export interface DiskFigures {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** Collects the figures that GET_BROKER_RUNTIME_INFO shows; tools expect every key and text as value. Apache: AdminBrokerProcessor.java. */
export class RuntimeInfo {
  readonly #bootTimestamp: number;

  constructor(
    private readonly store: MessageStore,
    private readonly delays: DelaySchedule,
    private readonly traffic: TrafficMeter,
    private readonly clock: Clock,
    /** Space of the disk that holds the store. */
    private readonly disk: () => DiskFigures,
  ) {
    this.#bootTimestamp = clock.now();
  }

  /** All figures by their names. */
  async collect(): Promise<Record<string, string>> {
    return { ...this.#traffic(), ...(await this.#store()), ...QUEUES_OF_THREAD_POOLS, ...this.#delays() };
  }

  #traffic(): Record<string, string> {
    const totals = this.traffic.totals();
    const rateIn = rates(totals.rateIn);
    const rateOut = rates(totals.rateOut);
    return {
      bootTimestamp: String(this.#bootTimestamp),
      runtime: duration(this.clock.now() - this.#bootTimestamp),
      brokerActive: 'true',
      brokerVersion: String(OUR_VERSION),
      brokerVersionDesc: OUR_VERSION_NAME,
      putTps: rateIn,
      getTransferredTps: rateOut,
      getTotalTps: rateOut,
      getFoundTps: rateOut,
      getMissTps: rates(0),
      putMessageTimesTotal: String(totals.messagesIn),
      putMessageSizeTotal: String(totals.bytesIn),
      putMessageAverageSize: String(totals.messagesIn === 0 ? 0 : totals.bytesIn / totals.messagesIn),
      putMessageEntireTimeMax: '0',
      getMessageEntireTimeMax: '0',
      putMessageDistributeTime: 'null',
      msgPutTotalTodayNow: String(totals.messagesIn),
      msgPutTotalTodayMorning: String(totals.messagesInThisMorning),
      msgPutTotalYesterdayMorning: String(totals.messagesInYesterdayMorning),
      msgGetTotalTodayNow: String(totals.messagesOut),
      msgGetTotalTodayMorning: String(totals.messagesOutThisMorning),
      msgGetTotalYesterdayMorning: String(totals.messagesOutYesterdayMorning),
    };
  }

  async #store(): Promise<Record<string, string>> {
    const status = this.store.status();
    const { totalBytes, freeBytes } = this.disk();
    const isEmpty = status.commitLogMaxOffset === status.commitLogMinOffset;
    const first = isEmpty ? undefined : await this.store.readAt(status.commitLogMinOffset);
    return {
      commitLogMinOffset: String(status.commitLogMinOffset),
      commitLogMaxOffset: String(status.commitLogMaxOffset),
      commitLogDiskRatio: String(status.diskUsedRatio),
      consumeQueueDiskRatio: String(status.diskUsedRatio),
      commitLogDirCapacity: `Total : ${binarySize(totalBytes)}, Free : ${binarySize(freeBytes)}.`,
      earliestMessageTimeStamp: String(first === undefined ? -1 : storeTimestampAt(first, 0)),
      dispatchBehindBytes: String(status.dispatchBehindBytes),
      remainHowManyDataToFlush: binarySize(status.unflushedBytes),
      pageCacheLockTimeMills: '0',
      startAcceptSendRequestTimeStamp: '0',
      remainTransientStoreBufferNumbs: String(0x7fff_ffff),
      timerReadBehind: '0',
      timerOffsetBehind: '0',
      timerCongestNum: '0',
      timerEnqueueTps: '0.0',
      timerDequeueTps: '0.0',
    };
  }

  #delays(): Record<string, string> {
    return Object.fromEntries(this.delays.progress().map(({ level, offset, maxOffset }) => [`scheduleMessageOffset_${level}`, `${offset},${maxOffset}`]));
  }
}

/** There are no thread pools here, so that nothing ever waits in their queues; tools fail without the figures. */
const QUEUES_OF_THREAD_POOLS: Readonly<Record<string, string>> = Object.fromEntries([
  ...['send', 'pull', 'query', 'litePull', 'ack'].flatMap((pool) => [
    [`${pool}ThreadPoolQueueSize`, '0'],
    [`${pool}ThreadPoolQueueCapacity`, '0'],
    [`${pool}ThreadPoolQueueHeadWaitTimeMills`, '0'],
  ]),
  ['EndTransactionQueueSize', '0'],
  ['EndTransactionThreadPoolQueueCapacity', '0'],
]) as Readonly<Record<string, string>>;

/** Rates of the last 10 s, 1 min and 10 min; what is known is that of the last minute. */
function rates(perSecond: number): string {
  const text = perSecond.toFixed(2);
  return `${text} ${text} ${text}`;
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `[ ${parts[0]} days, ${parts[1]} hours, ${parts[2]} minutes, ${parts[3]} seconds ]`;
}

/** A size as Apache shows it, e.g. `1.5 GiB`. */
function binarySize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const exponent = Math.floor(Math.log2(bytes) / 10);
  return `${(bytes / 1_024 ** exponent).toFixed(1)} ${'KMGTPE'[exponent - 1]}iB`;
}
