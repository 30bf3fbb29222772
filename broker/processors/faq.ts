/** What Apache appends to some refusals; tools show it to their users. Apache: FAQUrl.java. */
export const FAQ_HINT = '\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.';
