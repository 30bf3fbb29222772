import { Inject, type InjectionToken } from '@nestjs/common';
import { RocketTemplate } from '../producer/rocket-template.js';
import { RocketMQServer } from '../transport/rocketmq.server.js';
import { DEFAULT_CLUSTER } from './tokens.js';

/** Injection token of a cluster's template; the default cluster's is the class itself. */
export function getRocketTemplateToken(cluster: string = DEFAULT_CLUSTER): InjectionToken<RocketTemplate> {
  return cluster === DEFAULT_CLUSTER ? RocketTemplate : `RocketTemplate:${cluster}`;
}

/** Injection token of a cluster's server; the default cluster's is the class itself. */
export function getRocketServerToken(cluster: string = DEFAULT_CLUSTER): InjectionToken<RocketMQServer> {
  return cluster === DEFAULT_CLUSTER ? RocketMQServer : `RocketMQServer:${cluster}`;
}

/** Injects the template of a cluster: `constructor(@InjectRocketTemplate('audit') private readonly audit: RocketTemplate)`. */
export const InjectRocketTemplate = (cluster?: string): ReturnType<typeof Inject> => Inject(getRocketTemplateToken(cluster));

/** Injects the server of a cluster, e.g. to pause and resume groups. */
export const InjectRocketServer = (cluster?: string): ReturnType<typeof Inject> => Inject(getRocketServerToken(cluster));
