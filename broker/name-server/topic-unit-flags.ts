const UNIT = 1;
const UNIT_SUBSCRIPTION = 2;

/** Whether a topic belongs to a unit (a deployment that serves itself). Apache: TopicSysFlag.java. */
export function isUnit(topicSysFlag: number): boolean {
  return (topicSysFlag & UNIT) !== 0;
}

/** Whether consumers of a unit subscribe to the topic. */
export function isSubscribedByUnit(topicSysFlag: number): boolean {
  return (topicSysFlag & UNIT_SUBSCRIPTION) !== 0;
}
