import { readSettings } from '../support/settings.js';
import { startOrderService } from './app.js';

const app = await startOrderService(readSettings({ databaseUrl: 'data/order.db', port: 3000 }));
app.enableShutdownHooks();
console.log(`order service on ${await app.getUrl()}`);
