// The usual Express service with metrics and access log: express-prom-bundle and pino-http as their READMEs set them up.
import express from 'express';
import promBundle from 'express-prom-bundle';
import { pinoHttp } from 'pino-http';
import client from 'prom-client';

const operations = new client.Counter({ name: 'http_demo_request_operations_total', help: 'Requests.' });
const app = express();
app.use(promBundle({ includeMethod: true, includePath: true }));
app.use(pinoHttp());
app.get('/', (_request, response) => {
  operations.inc();
  response.type('text/plain').send('Hello, Kubernetes with KEDA!');
});
app.listen(Number(process.env.PORT), '127.0.0.1');
