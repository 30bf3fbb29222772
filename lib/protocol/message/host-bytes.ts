import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { HostAddress } from './message.js';

/*
 * A host in records and ids: 4 or 16 address bytes, i32 port.
 */

/** Bytes of a host with an IPv4 address. */
export const HOST_V4_BYTES = 8;
/** Bytes of a host with an IPv6 address. */
export const HOST_V6_BYTES = 20;

/** Whether `ip` is written as an IPv6 address. */
export function isV6(ip: string): boolean {
  return ip.includes(':');
}

/**
 * Writes a host; returns the position behind it.
 * @throws RocketMqError `MESSAGE_ILLEGAL` when `host.ip` is not a literal address
 */
export function writeHost(target: Buffer, position: number, host: HostAddress): number {
  const addressEnd = isV6(host.ip) ? writeV6(target, position, host.ip) : writeV4(target, position, host.ip);
  return target.writeInt32BE(host.port, addressEnd);
}

function writeV4(target: Buffer, position: number, ip: string): number {
  let byte = -1;
  let at = position;
  for (let index = 0; index < ip.length; index++) {
    const unit = ip.charCodeAt(index);
    if (unit >= 0x30 && unit <= 0x39 && byte < 26) byte = (byte < 0 ? 0 : byte * 10) + unit - 0x30;
    else if (unit === 0x2e && byte >= 0 && byte <= 255 && at < position + 3) {
      target[at++] = byte;
      byte = -1;
    } else throw notAnAddress(ip);
  }
  if (at !== position + 3 || byte < 0 || byte > 255) throw notAnAddress(ip);
  target[at] = byte;
  return position + 4;
}

function writeV6(target: Buffer, position: number, ip: string): number {
  const [head, tail, ...more] = ip.split('%')[0].split('::');
  const front = groupsOf(head, ip);
  const back = groupsOf(tail ?? '', ip);
  const given = front.length + back.length;
  if (more.length > 0 || (tail === undefined ? given !== 8 : given > 7)) throw notAnAddress(ip);
  target.fill(0, position, position + 16);
  for (const [index, group] of front.entries()) target.writeUInt16BE(group, position + index * 2);
  for (const [index, group] of back.entries()) target.writeUInt16BE(group, position + 16 - (back.length - index) * 2);
  return position + 16;
}

/** The 16-bit groups of one side of an IPv6 literal; a trailing dotted IPv4 part gives two. */
function groupsOf(part: string, ip: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group, index, groups) => {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) return [Number.parseInt(group, 16)];
    if (index !== groups.length - 1) throw notAnAddress(ip);
    const bytes = Buffer.alloc(4);
    writeV4(bytes, 0, group);
    return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
  });
}

function notAnAddress(ip: string): RocketMqError {
  return new RocketMqError('MESSAGE_ILLEGAL', `"${ip}" is not an IPv4 or IPv6 address; messages carry literal addresses, never names`);
}

/** Reads a host; `v6` tells its length. */
export function readHost(source: Buffer, position: number, v6: boolean): HostAddress {
  const ip = v6 ? readV6(source, position) : `${source[position]}.${source[position + 1]}.${source[position + 2]}.${source[position + 3]}`;
  return { ip, port: source.readInt32BE(position + (v6 ? 16 : 4)) };
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function readV6(source: Buffer, position: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => source.readUInt16BE(position + index * 2).toString(16));
  const runs = [...groups.join(':').matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce<RegExpExecArray | undefined>((best, run) => (best === undefined || run[0].length > best[0].length ? run : best), undefined);
  const text = groups.join(':');
  if (longest === undefined) return text;
  const head = text.slice(0, Math.max(0, longest.index - 1));
  const tail = text.slice(longest.index + longest[0].length + 1);
  return `${head}::${tail}`;
}
