import { AddWritePermOfBrokerProcessor } from './processors/add-write-perm-of-broker.processor.js';
import { BrokerHeartbeatProcessor } from './processors/broker-heartbeat.processor.js';
import { DeleteKvConfigProcessor } from './processors/delete-kv-config.processor.js';
import { DeleteTopicInNamesrvProcessor } from './processors/delete-topic-in-namesrv.processor.js';
import { GetAllTopicListFromNameserverProcessor } from './processors/get-all-topic-list-from-nameserver.processor.js';
import { GetBrokerClusterInfoProcessor } from './processors/get-broker-cluster-info.processor.js';
import { GetBrokerMemberGroupProcessor } from './processors/get-broker-member-group.processor.js';
import { GetHasUnitSubTopicListProcessor } from './processors/get-has-unit-sub-topic-list.processor.js';
import { GetHasUnitSubUnunitTopicListProcessor } from './processors/get-has-unit-sub-ununit-topic-list.processor.js';
import { GetKvConfigProcessor } from './processors/get-kv-config.processor.js';
import { GetKvListByNamespaceProcessor } from './processors/get-kv-list-by-namespace.processor.js';
import { GetNamesrvConfigProcessor } from './processors/get-namesrv-config.processor.js';
import { GetRouteInfoByTopicProcessor } from './processors/get-route-info-by-topic.processor.js';
import { GetSystemTopicListFromNsProcessor } from './processors/get-system-topic-list-from-ns.processor.js';
import { GetTopicsByClusterProcessor } from './processors/get-topics-by-cluster.processor.js';
import { GetUnitTopicListProcessor } from './processors/get-unit-topic-list.processor.js';
import { PutKvConfigProcessor } from './processors/put-kv-config.processor.js';
import { QueryDataVersionProcessor } from './processors/query-data-version.processor.js';
import { RegisterBrokerProcessor } from './processors/register-broker.processor.js';
import { RegisterTopicInNamesrvProcessor } from './processors/register-topic-in-namesrv.processor.js';
import { UnregisterBrokerProcessor } from './processors/unregister-broker.processor.js';
import { UpdateNamesrvConfigProcessor } from './processors/update-namesrv-config.processor.js';
import { WipeWritePermOfBrokerProcessor } from './processors/wipe-write-perm-of-broker.processor.js';

/** Every processor of a NameServer; a new one is a line here. */
export const NAME_SERVER_PROCESSORS = [
  AddWritePermOfBrokerProcessor,
  BrokerHeartbeatProcessor,
  DeleteKvConfigProcessor,
  DeleteTopicInNamesrvProcessor,
  GetAllTopicListFromNameserverProcessor,
  GetBrokerClusterInfoProcessor,
  GetBrokerMemberGroupProcessor,
  GetHasUnitSubTopicListProcessor,
  GetHasUnitSubUnunitTopicListProcessor,
  GetKvConfigProcessor,
  GetKvListByNamespaceProcessor,
  GetNamesrvConfigProcessor,
  GetRouteInfoByTopicProcessor,
  GetSystemTopicListFromNsProcessor,
  GetTopicsByClusterProcessor,
  GetUnitTopicListProcessor,
  PutKvConfigProcessor,
  QueryDataVersionProcessor,
  RegisterBrokerProcessor,
  RegisterTopicInNamesrvProcessor,
  UnregisterBrokerProcessor,
  UpdateNamesrvConfigProcessor,
  WipeWritePermOfBrokerProcessor,
] as const;
