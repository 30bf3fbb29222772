import { encodeBrokerStatsData } from '../../../lib/protocol/body/broker-stats.js';
import { viewBrokerStatsData } from '../../../lib/protocol/commands/admin/view-broker-stats-data.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { Measure, RollingCounter, Span } from '../../topics/rolling-counter.js';
import type { TrafficMeter } from '../../topics/traffic-meter.js';

/** One statistic over the last minute, hour and day. Apache: AdminBrokerProcessor.java, names: BrokerStatsManager.java. */
export class ViewBrokerStatsDataProcessor implements RequestProcessor<typeof viewBrokerStatsData> {
  readonly command = viewBrokerStatsData;

  constructor(
    private readonly traffic: TrafficMeter,
    private readonly clock: Clock,
  ) {}

  handle(request: TypedRequest<typeof viewBrokerStatsData>): Reply<typeof viewBrokerStatsData> {
    const { statsName, statsKey } = request.header;
    const counter = this.#counterOf(statsName, statsKey);
    if (counter === undefined) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `The stats <${statsName}> <${statsKey}> not exist`);
    const measure: Measure = statsName.endsWith('_SIZE') ? 'bytes' : 'messages';
    const over = (span: Span) => counter.growth(measure, span, this.clock.monotonic());
    return success(undefined, encodeBrokerStatsData({ statsMinute: over('minute'), statsHour: over('hour'), statsDay: over('day') }));
  }

  #counterOf(name: string, key: string): RollingCounter | undefined {
    switch (name) {
      case 'TOPIC_PUT_NUMS':
      case 'TOPIC_PUT_SIZE':
        return this.traffic.into(key);
      case 'GROUP_GET_NUMS':
      case 'GROUP_GET_SIZE': {
        const at = key.lastIndexOf('@');
        return at < 0 ? undefined : this.traffic.outOf(key.slice(0, at), key.slice(at + 1));
      }
      case 'BROKER_PUT_NUMS':
        return this.traffic.into();
      case 'BROKER_GET_NUMS':
        return this.traffic.outOf();
      default:
        return undefined;
    }
  }
}
