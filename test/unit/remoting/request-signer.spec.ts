import { expect, it } from 'vitest';
import { signRequest } from '../../../lib/remoting/request-signer.js';

it('signs as Apache does: values in the order of their names, then the body', () => {
  const request = { code: 1, extFields: { topic: 'T', queueId: '3', committed: 'true' }, body: Buffer.from('body') };
  const { extFields } = signRequest(request, { accessKey: 'ak', secretKey: 'sk1234567', securityToken: 'tok' });
  // Recorded from Apache's AclUtils for the content "aktoktrue3Tbody".
  expect(extFields).toEqual({ topic: 'T', queueId: '3', committed: 'true', AccessKey: 'ak', SecurityToken: 'tok', Signature: 'bEw8KuH70OXR7nm25W3vdGZCQSs=' });
});
